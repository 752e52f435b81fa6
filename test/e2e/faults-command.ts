import { run } from './commands.ts'

/**
 * How a fault gets into the cluster is not the tests' business: `$ODDNODE_FAULT NODE FAULT [ARGUMENT]` makes one, `$ODDNODE_HEAL NODE` takes it back. Both are a program with its first arguments,
 * separated by spaces.
 */
const [faultCommand, healCommand] = [process.env['ODDNODE_FAULT'], process.env['ODDNODE_HEAL']]

/** @returns a reason to leave tests of faults out, or false: what tap's `skip` takes */
export const whyNoFaults = (): string | false =>
  faultCommand && healCommand ? false : 'ODDNODE_FAULT and ODDNODE_HEAL name no commands that make faults'

export const makeFault = (node: string, ...fault: string[]): Promise<string> => call(faultCommand, node, ...fault)
export const heal = (node: string): Promise<string> => call(healCommand, node)

/** Address of an NTP server that `ntp-lost` cuts a node off from; empty where there is none. */
export const ntpServer = (): string => process.env['ODDNODE_NTP'] ?? ''

function call(command: string | undefined, ...rest: string[]): Promise<string> {
  const [program, ...args] = (command ?? '').split(' ')
  if (!program) throw new Error('whyNoFaults() says why there is no command')
  return run(program, ...args, ...rest)
}
