import { Type } from 'typebox'
import { problemOf, RequestRefused } from '../http/problem.ts'
import type { Moment } from '../report/model/moment.ts'
import type { NoMoment } from '../report/model/no-moment.ts'
import type { Reporter } from '../report/model/reporter.ts'

/** The parameter by which a page of the past is asked for. */
export const atParameter = {
  at: Type.Optional(
    Type.String({ maxLength: 64, description: 'A moment of the past (RFC 3339), as it was told then; absent: now.' }),
  ),
}

/** RFC 3339 section 5.6. */
const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/

/** `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date)
}

/**
 * The moment that a request is about.
 * @throws RequestRefused for a moment that cannot be told, with what can be
 */
export async function momentOf(reporter: Reporter, { at }: { at?: string }): Promise<Moment> {
  if (at === undefined || at === '') return reporter.now()
  const instant = INSTANT.test(at) && isDay(at.slice(0, 10)) ? Date.parse(at) : Number.NaN
  if (Number.isNaN(instant)) throw noInstant(at)
  const moment = await reporter.at(instant / 1000)
  if ('why' in moment) throw noMoment(new Date(instant).toISOString(), moment)
  return moment
}

/** The value of `?at=` that leads to this moment again; null for the present. */
export const pastOf = ({ past, head }: Moment): string | null => (past ? head.at : null)

function noInstant(at: string): RequestRefused {
  const hint = at.includes(' ') ? ' (a + in an address is written %2B)' : ''
  const detail = `at is ${JSON.stringify(at)}, which is no RFC 3339 instant: give one such as 2026-11-21T09:29:12Z${hint}.`
  return new RequestRefused('invalid', problemOf(400, 'No such time', detail))
}

function noMoment(at: string, none: NoMoment): RequestRefused {
  const { status, title, say } = answers[none.why]
  const known = [none.before, none.after].flatMap((seconds) => (seconds === null ? [] : [instantOf(seconds)]))
  const problem = problemOf(status, title, say(at, none))
  return new RequestRefused('other', known.length === 0 ? problem : { ...problem, moments: known })
}

type Answer = { status: number; title: string; say: (at: string, none: NoMoment) => string }

const answers: Readonly<Record<NoMoment['why'], Answer>> = {
  future: {
    status: 400,
    title: 'Not yet',
    say: (at, { before }) => `at is ${at}, and it is only ${textOf(before)}: leave it out for the present.`,
  },
  forgotten: {
    status: 404,
    title: 'Forgotten',
    say: (at, { after }) =>
      `at is ${at}, and the past is kept for retention.days: the earliest moment is ${textOf(after)}.`,
  },
  'nothing-kept': {
    status: 404,
    title: 'No history',
    say: (at) =>
      `at is ${at}, and this aggregator keeps no past: start it with dataFile (in the chart persistence.enabled), or leave at out for the present.`,
  },
  'too-early': {
    status: 404,
    title: 'Before the history',
    say: (at, { after }) => `at is ${at}, and what is remembered begins at ${textOf(after)}.`,
  },
  'not-running': {
    status: 404,
    title: 'No data then',
    say: (at, { before, after }) =>
      `At ${at} nobody looked: the aggregator was not running, stood still or could not write after ${textOf(before)}${after === null ? '' : `, until ${textOf(after)}`}.`,
  },
  unreadable: {
    status: 503,
    title: 'The history cannot be read',
    say: (_at, { trouble }) => trouble ?? 'The data file is not open: try again in a moment.',
  },
}

const textOf = (seconds: number | null): string => (seconds === null ? 'an unknown time' : instantOf(seconds))

const instantOf = (seconds: number) => new Date(seconds * 1000).toISOString()
