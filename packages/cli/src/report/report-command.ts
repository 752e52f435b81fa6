import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { type Command, Option } from 'commander'
import { EXIT_COULD_NOT_ASK, EXIT_INTERRUPTED } from '../exit-codes.ts'
import { interruption } from '../interruption.ts'
import { secondsOf } from '../option-values.ts'
import { print, printError } from '../print.ts'
import { readReport, report } from './report.ts'
import { reportJson } from './report-json.ts'
import { aggregatorUrl } from './report-url.ts'
import { watchInTerminal } from './watch-terminal.ts'

/** What `oddnode report` and `kubectl oddnode` can be told. */
export type ReportFlags = { watch?: number | true; json?: boolean }

const WATCH_SECONDS = 5

const examples = `
Examples:
  oddnode report http://127.0.0.1:8530
  oddnode report http://127.0.0.1:8530 --watch
  oddnode report http://127.0.0.1:8530 --json | jq .verdict
  oddnode report 'http://127.0.0.1:8530/report?at=2026-11-21T09:29:12Z'

Colours on a terminal only; NO_COLOR=1 takes them away, FORCE_COLOR=1 keeps them in a pipe.
Exit code 0: what was looked at is well, 2: something fails or is degraded, 1: could not ask, or nothing is known, 78: wrong
configuration. Ctrl-C ends --watch with the code of what it showed last.`

/** The options of a report, wherever it is shown. */
export const withReportOptions = (command: Command): Command =>
  command
    .option(
      '-w, --watch [seconds]',
      `shows it again and again, every ${WATCH_SECONDS} s or as said`,
      secondsOf(1, 3600),
    )
    .addOption(new Option('--json', 'as JSON').conflicts('watch'))

/** Adds `oddnode report`. */
export const addReport = (program: Command): Command =>
  withReportOptions(
    program
      .command('report')
      .description('Prints the report of an aggregator.')
      .argument('<url>', 'of the aggregator, http://HOST:PORT'),
  )
    .addHelpText('after', examples)
    .action(async (text: string, flags: ReportFlags) => {
      const read = aggregatorUrl(text)
      if ('url' in read) return showReport(async () => read.url, flags, interruption())
      printError(read.error)
      process.exitCode = EXIT_CONFIGURATION
    })

/**
 * Prints or watches a report, and sets the exit code.
 * @param baseUrl where the aggregator is now: asked before each reading
 */
export async function showReport(
  baseUrl: () => Promise<string>,
  { watch, json }: ReportFlags,
  signal: AbortSignal,
): Promise<void> {
  if (watch !== undefined) return watchReport(baseUrl, watch === true ? WATCH_SECONDS : watch, signal)
  const url = await baseUrl()
  const result = json ? await reportJson(url, process.stdout, signal) : await report(url, signal)
  if (signal.aborted) process.exitCode = EXIT_INTERRUPTED
  else print(result)
}

async function watchReport(baseUrl: () => Promise<string>, everySeconds: number, signal: AbortSignal): Promise<void> {
  if (!process.stdout.isTTY) {
    printError('--watch needs a terminal')
    process.exitCode = EXIT_CONFIGURATION
    return
  }
  const read = () =>
    baseUrl().then(
      (url) => readReport(url, signal),
      (error: Error) => ({ error: error.message }),
    )
  const first = await read()
  if ('error' in first) return print({ exitCode: EXIT_COULD_NOT_ASK, output: '', error: first.error })
  process.exitCode = await watchInTerminal(first, { read, everySeconds, stream: process.stdout, signal })
}
