import type { CommandResult } from './report/report.ts'
import { visibleJson } from './terminal/json-text.ts'
import { presentationFor, presented } from './terminal/present.ts'

/**
 * Prints what a command has to say, as the terminal or the file takes it, and sets the exit code. Nothing is cut where it is a pipe.
 * @param json the output is JSON: every terminal gets the same
 */
export function print(
  { exitCode, output, error }: CommandResult,
  { json = false }: { json?: boolean | undefined } = {},
): void {
  process.exitCode = exitCode
  process.stdout.write(json ? visibleJson(output) : presented(output, presentationFor(process.stdout)).join('\n'))
  if (error !== '') printError(error)
}

/** One line on stderr. */
export function printError(error: string): void {
  process.stderr.write(`${presented(`oddnode: ${error}`, presentationFor(process.stderr)).join('\n')}\n`)
}
