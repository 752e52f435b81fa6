import type { Command } from 'commander'
import { addressesOf, secondsOf } from '../option-values.ts'

const DEADLINE_SECONDS = 2

/** What `oddnode check` can be told. */
export type CheckFlags = {
  server?: string[]
  name?: string
  ntp?: string[]
  deadline: number
  etc: string
  json?: boolean
}

const examples = `
Examples:
  oddnode check
  oddnode check --server 10.96.0.10 --name www.example.com --ntp 192.0.2.123
In a pod of oddnode, in a pod of yours, and in one of its own:
  kubectl -n oddnode exec ds/oddnode-agent-pod -- oddnode check
  kubectl debug -it POD --image=ghcr.io/oddnode/agent:VERSION -- oddnode check
  kubectl run oddnode-check -it --rm --restart=Never --image=ghcr.io/oddnode/agent:VERSION --command -- oddnode check

Exit code 0: what was looked at is well, 2: a fault was found, 1: nobody could be asked, 78: wrong configuration.`

/** Adds `oddnode check`. */
export const addCheck = (program: Command, version: string): Command =>
  program
    .command('check')
    .description(
      'Asks every DNS server that shows here, host or pod, over UDP and TCP, and answers what people look up by hand.',
    )
    .option('--server <address>', 'one more DNS server, asked as if resolv.conf named it; may be repeated', addressesOf)
    .option('--name <name>', 'a name to ask all of them for, without search list')
    .option(
      '--ntp <address>',
      'an NTP server to measure this clock against; may be repeated; none by default',
      addressesOf,
    )
    .option('--deadline <seconds>', 'an answer after this is late', secondsOf(0.05, 20), DEADLINE_SECONDS)
    .option('--etc <directory>', 'where resolv.conf is: in a container, where the host keeps its own', '/etc')
    .option('--json', 'everything that was seen, as JSON')
    .addHelpText('after', examples)
    .action(async (flags: CheckFlags) => (await import('./run-check.ts')).runCheck(flags, version))
