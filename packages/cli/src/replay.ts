import { type Replayed, replayRecording, verdictOf } from '@oddnode/diagnosis'
import { commandOf, type Finding } from '@oddnode/protocol'
import { EXIT_COULD_NOT_ASK, EXIT_FAULT, EXIT_WELL } from './exit-codes.ts'
import { readRecording } from './read-recording.ts'
import type { CommandResult } from './report/report.ts'

/**
 * `oddnode replay FILE`: the diagnosis of a recorded incident, as it was told then.
 * @returns exit code 0 where nothing was found, 2 where a fault was, 1 where the file cannot be replayed. Never throws.
 */
export function replay(path: string, { json = false }: { json?: boolean } = {}): CommandResult {
  const recording = readRecording(path)
  if ('error' in recording) return { exitCode: EXIT_COULD_NOT_ASK, output: '', error: recording.error }
  try {
    const replayed = replayRecording(recording.start, recording.lines)
    const output = json ? `${JSON.stringify(jsonOf(replayed), null, 2)}\n` : textOf(replayed)
    const error =
      replayed.deviations.length === 0
        ? ''
        : `this version tells it otherwise than the one that recorded it: ${replayed.deviations.slice(0, 3).join('; ')}`
    return { exitCode: replayed.story.length > 0 ? EXIT_FAULT : EXIT_WELL, output, error }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { exitCode: EXIT_COULD_NOT_ASK, output: '', error: `${path}: ${error.message}` }
  }
}

const jsonOf = ({ fleet, story, findings, deviations }: Replayed) => ({
  at: instant(fleet.now),
  verdict: verdictOf(fleet),
  story: story.map(({ at, what, finding }) => ({ at: instant(at), what, finding })),
  findings,
  deviations,
})

function textOf({ fleet, story, findings }: Replayed): string {
  const told = story.map(({ at, what, finding }) => `${instant(at)}  ${what.padEnd(6)}  ${gist(finding)}\n`)
  const end = [`At the end, ${instant(fleet.now)}: ${verdictOf(fleet).sentence}\n`]
  const left = findings.map(
    (finding) => `\n${finding.severity}: ${finding.title}\n  ${finding.story}\n${why(finding)}${commands(finding)}`,
  )
  return [...(told.length === 0 ? ['Nothing was found.\n'] : told), '\n', ...end, ...left].join('')
}

const gist = ({ severity, fault, story }: Finding): string => `${severity} ${fault}: ${story}`

/** What to type has a line of its own, below where to type it. */
const commands = ({ confirm }: Finding): string =>
  confirm
    .map(commandOf)
    .map(({ place, text }) => `${place === null ? '' : `  ${place}:\n`}  $ ${text}\n`)
    .join('')

const why = ({ cause }: Finding): string => (cause === '' ? '' : `  Likely cause: ${cause}\n`)

const instant = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString()
