#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { Command, InvalidArgumentError } from 'commander'
import { EXIT_COULD_NOT_ASK } from './exit-codes.ts'
import { replay } from './replay.ts'
import { type CommandResult, report } from './report.ts'
import { startLocal } from './start.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const DEFAULT_PORT = 8530

const program = new Command('oddnode')
  .description('Finds the node whose DNS or clock differs from the others.')
  .version(version)
  .showHelpAfterError('(see --help)')
  // A wrong flag is a wrong configuration; --help and --version are none.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_CONFIGURATION))

program
  .command('start')
  .description('Runs an aggregator and a host agent on this machine, on loopback only, until Ctrl-C.')
  .option('--port <port>', 'port of /report; the next free one where it is in use', portOf, DEFAULT_PORT)
  .option('--ntp <addresses>', 'NTP servers to measure the clock against, comma-separated; none by default', listOf, [])
  .option('--external <name>', 'a name outside to ask the resolver for, besides one that needs no Internet')
  .option('--etc <directory>', 'where resolv.conf is: in a container, where the host keeps its own', '/etc')
  .addHelpText('after', '\nExample:\n  oddnode start --ntp 192.0.2.123 --external www.example.com')
  .action(start)

program
  .command('report')
  .description('Prints the report of an aggregator. Exit 0: well, 2: something fails or is degraded, 1: could not ask.')
  .argument('<url>', 'of the aggregator, http://HOST:PORT')
  .addHelpText('after', '\nExample:\n  oddnode report http://127.0.0.1:8530')
  .action(async (url: string) => print(await report(url)))

program
  .command('replay')
  .description(
    'Replays a recorded incident. Exit 0: nothing was found, 2: a fault was, 1: the file cannot be replayed.',
  )
  .argument('<file>', 'written by an aggregator with --recording.file; plain or gzip')
  .option('--json', 'findings as JSON')
  .addHelpText('after', '\nExample:\n  oddnode replay incident.jsonl.gz')
  .action((file: string, options: { json?: boolean }) => print(replay(file, options)))

await program.parseAsync()

function print({ exitCode, output, error }: CommandResult): void {
  process.stdout.write(output)
  if (error) process.stderr.write(`oddnode: ${error}\n`)
  process.exitCode = exitCode
}

type StartFlags = { port: number; ntp: string[]; external?: string; etc: string }

async function start({ port, ntp, external, etc }: StartFlags): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const run = await startLocal({ port, ntp, external: external ?? null, etc, version, environment: {}, say })
    say(`oddnode ${version}: an aggregator and an agent of this machine are running`)
    say(`  report   ${run.url}`)
    say(`  metrics  ${run.url.replace('/report', '/metrics')}`)
    say(`  asks     the first nameserver of ${etc}/resolv.conf`)
    say(
      `  clock    ${ntp.length > 0 ? `against ${ntp.join(', ')}` : 'against the aggregator only, which is this machine; name NTP servers with --ntp'}`,
    )
    say('The first verdict takes about 15 seconds. Ctrl-C stops both.')
    stopOnSignal(run.stop)
  } catch (error) {
    process.stderr.write(`oddnode: cannot start: ${(error as Error).message}\n`)
    process.exitCode = EXIT_COULD_NOT_ASK
  }
}

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

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('allowed is a whole number from 1 to 65535.')
  return port
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
