import { nearest } from '@oddnode/protocol'
import { problemOf, RequestRefused } from '../http/problem.ts'
import type { Moment } from '../report/model/moment.ts'

/** An address below `/report` that somebody typed. */
export function noSuchPage(path: string): RequestRefused {
  const pages = '/report/nodes/NAME, /report/findings/ID and /report/diff?a=NAME&b=NAME'
  const detail = `There is no page ${shown(path)}. The report is at /report, which leads to the others: ${pages}.`
  return new RequestRefused('other', problemOf(404, 'No such page', detail))
}

/** A node that the report does not have. */
export function noSuchNode(name: string, { nodes, head }: Moment): RequestRefused {
  const names = nodes.map((node) => node.name)
  const like = nearest(name, names)
  const offer =
    like === undefined
      ? `Known ${names.length === 0 ? 'is none' : `are ${names.slice(0, MAX_OFFERED).join(', ')}${names.length > MAX_OFFERED ? ', …' : ''}`}.`
      : `Did you mean ${like}?`
  const detail = `There is no node ${shown(name)} in the report of ${head.at}. ${offer}`
  return new RequestRefused('other', problemOf(404, 'No such node', detail))
}

/** A finding that nobody remembers. */
export function noSuchFinding(id: string, { head }: Moment): RequestRefused {
  const open = head.findings.filter(({ ended }) => ended === null).slice(0, MAX_OFFERED)
  const offer =
    open.length === 0
      ? 'No finding is open.'
      : `Open now: ${open.map((finding) => `${finding.id} (${finding.title})`).join(', ')}.`
  const detail = `There is no finding ${shown(id)}: it ended longer ago than retention.days, or never was. ${offer}`
  return new RequestRefused('other', problemOf(404, 'No such finding', detail))
}

const MAX_OFFERED = 5
const MAX_SHOWN = 100

const shown = (text: string) => JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)
