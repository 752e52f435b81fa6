import { EXIT_COULD_NOT_ASK, EXIT_INTERRUPTED } from '../exit-codes.ts'
import { interruption } from '../interruption.ts'
import { printError } from '../print.ts'
import { type ReportFlags, showReport } from '../report/report-command.ts'
import { type ClusterFlags, findService } from './find-service.ts'
import { openPortForward, type PortForward } from './port-forward.ts'

export type PluginFlags = ReportFlags & ClusterFlags & { web?: boolean }

/** `kubectl oddnode`: finds the aggregator, forwards a port to it, and shows its report. Sets the exit code as of `oddnode report`. */
export async function show(flags: PluginFlags): Promise<void> {
  const signal = interruption()
  const place = await findService(flags, signal)
  if ('error' in place) return fail(place.error, signal)
  const forward = openPortForward(place, flags)
  try {
    if (flags.web) await serve(forward, signal)
    else await showReport(forward.url, flags, signal)
  } catch (error) {
    fail((error as Error).message, signal)
  } finally {
    forward.close()
  }
}

/** Keeps forwarding until it is interrupted. */
async function serve(forward: PortForward, signal: AbortSignal): Promise<void> {
  process.stdout.write(`${await forward.url()}/report\n`)
  process.stderr.write('forwarding until Ctrl-C\n')
  const interrupted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)))
  const last = signal.aborted ? null : await Promise.race([forward.ended(), interrupted])
  if (last !== null) fail(`the forwarding ended: ${last}`, signal)
}

/** Whatever fails of an interruption needs no word. */
function fail(error: string, signal: AbortSignal): void {
  process.exitCode = signal.aborted ? EXIT_INTERRUPTED : EXIT_COULD_NOT_ASK
  if (!signal.aborted) printError(error)
}
