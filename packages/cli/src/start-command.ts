import { join } from 'node:path'
import { readResolvConf } from '@oddnode/probes'
import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import type { Command } from 'commander'
import { EXIT_COULD_NOT_ASK } from './exit-codes.ts'
import { listOf, portOf } from './option-values.ts'
import { printError } from './print.ts'
import { WrongOption } from './start-error.ts'

const DEFAULT_PORT = 8530

type Flags = { port: number; ntp: string[]; external?: string; etc: string }

/** Adds `oddnode start`. */
export const addStart = (program: Command, version: string): Command =>
  program
    .command('start')
    .description('Runs an aggregator and a host agent on this machine, on loopback only, until Ctrl-C.')
    .option('--port <port>', 'port of /report; the next free one where it is in use', portOf, DEFAULT_PORT)
    .option(
      '--ntp <addresses>',
      'NTP servers to measure the clock against, comma-separated; none by default',
      listOf,
      [],
    )
    .option('--external <name>', 'a name outside to ask the resolver for, besides one that needs no Internet')
    .option('--etc <directory>', 'where resolv.conf is: in a container, where the host keeps its own', '/etc')
    .addHelpText('after', '\nExample:\n  oddnode start --ntp 192.0.2.123 --external www.example.com')
    .action((flags: Flags) => start(flags, version))

async function start({ port, ntp, external, etc }: Flags, version: string): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const { startLocal } = await import('./start.ts')
    const run = await startLocal({ port, ntp, external: external ?? null, etc, version, environment: {}, say })
    say(`oddnode ${version}: an aggregator and an agent of this machine are running`)
    say(`  report   ${run.url}`)
    say(`  metrics  ${run.url.replace('/report', '/metrics')}`)
    say(`  asks     ${await askedOf(etc)}`)
    say(`  clock    ${ntp.length > 0 ? `against ${ntp.join(', ')}` : 'not looked at: name NTP servers with --ntp'}`)
    say('The first verdict takes about 15 seconds. Ctrl-C stops both.')
    stopOnSignal(run.stop)
  } catch (error) {
    if (error instanceof WrongOption) {
      for (const line of error.message.split('\n')) printError(line)
      process.exitCode = EXIT_CONFIGURATION
      return
    }
    printError(`cannot start: ${reasonOf(error as NodeJS.ErrnoException)}`)
    process.exitCode = EXIT_COULD_NOT_ASK
  }
}

/** Programs ask the second nameserver after the first one only, and so does nobody here: what it would say is not looked at. */
async function askedOf(etc: string): Promise<string> {
  const path = join(etc, 'resolv.conf')
  const [first, ...others] = (await readResolvConf(path)).usedNameservers
  const asked =
    first === undefined
      ? `no nameserver: ${path} has none that can be read`
      : `${first}, the first nameserver of ${path}`
  return others.length === 0 ? asked : `${asked}; not looked at: ${others.join(', ')}`
}

/** The image of an agent has this command without the aggregator. */
const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ERR_MODULE_NOT_FOUND' ? 'the aggregator is not installed here' : message

/** The first signal stops in order, the second at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let asked = false
  const onSignal = () => {
    if (asked) process.exit(1)
    asked = true
    process.stdout.write('\nstopping\n')
    void stop().then(() => process.exit(0))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}
