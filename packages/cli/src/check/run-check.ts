import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { EXIT_COULD_NOT_ASK, EXIT_FAULT, EXIT_INTERRUPTED, EXIT_WELL } from '../exit-codes.ts'
import { interruption } from '../interruption.ts'
import { print, printError } from '../print.ts'
import { progressLine } from '../terminal/progress.ts'
import { check } from './check.ts'
import type { CheckFlags } from './check-command.ts'
import type { CheckReport } from './check-report.ts'
import { checkText } from './check-text.ts'
import { usualRoots } from './surroundings.ts'

/** `oddnode check`: looks, prints, and sets the exit code. */
export async function runCheck(
  { server = [], name, ntp = [], deadline, etc, json }: CheckFlags,
  version: string,
): Promise<void> {
  const signal = interruption()
  const line = progressLine(process.stderr)
  const report = await check({
    wishes: { servers: server, name: name ?? null, ntp, deadlineSeconds: deadline },
    version,
    environment: process.env,
    roots: { ...usualRoots, etc },
    onProgress: ({ done, all, again }) =>
      line.show(
        `asked ${done} of ${all} probes${again > 0 ? `, ${again} again, since they were not answered well` : ''}`,
      ),
    signal,
  })
  line.clear()
  if (signal.aborted) process.exitCode = EXIT_INTERRUPTED
  else if ('errors' in report) {
    report.errors.forEach(printError)
    process.exitCode = EXIT_CONFIGURATION
  } else print({ exitCode: exitCodeOf(report), output: json ? jsonOf(report) : checkText(report), error: '' }, { json })
}

const jsonOf = (report: CheckReport): string => `${JSON.stringify(report, null, 2)}\n`

function exitCodeOf({ verdict }: CheckReport): number {
  switch (verdict.state) {
    case 'ok':
      return EXIT_WELL
    case 'degraded':
    case 'failing':
      return EXIT_FAULT
    case 'no-data':
      return EXIT_COULD_NOT_ASK
  }
}
