import type { ClockSample } from '@oddnode/protocol'
import type { Fault, View } from '../fault.ts'
import { isServerWell, ntpSubject, type ServerReading, troubledReadings } from '../ntp-servers.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { truth } from '../truth.ts'

type Kissed = Case & ServerReading & { code: string }

/** What each code asks for (RFC 5905 section 7.4). */
const wishes: Readonly<Record<string, string>> = { RATE: 'slow down', DENY: 'stop', RSTR: 'stop' }

/** Agents that a server sent a kiss-o'-death, after readings or instead of them. */
const kissed = (view: View): Kissed[] =>
  troubledReadings(view, ({ sample }) => sample.outcome === 'kiss-of-death' || sample.error !== undefined).map(
    (one) => ({
      ...one,
      since: one.reading.takenAt,
      evidence: [],
      code: codeOf(one.reading.sample),
    }),
  )

const codeOf = ({ outcome, referenceId, error }: ClockSample): string =>
  (outcome === 'kiss-of-death' ? referenceId : undefined) ?? /kiss-o'-death (\w+)/.exec(error ?? '')?.[1] ?? ''

/** T-09. */
export const ntpServerSendsKissOfDeath: Fault = {
  name: 'ntp-server-sends-kiss-of-death',
  tier: 2,
  about:
    "An NTP server sends kiss-o'-death: it asks to be asked less often, or not at all. The agent halves its rate each time, or stops.",
  cause:
    'RATE: the server is asked more often from our address than it allows, and behind one address may be many nodes. DENY and RSTR: it does not let us ask at all.',
  remedy: 'Use time servers of your own, or ask more rarely.',
  references: ['https://www.rfc-editor.org/rfc/rfc5905#section-7.4'],
  notTakenFor: { 'ntp-server-unsynchronised': 'there the server has no time, and asks for nothing' },
  rules: [
    fleetRule<Kissed>({
      cases: kissed,
      signature: { 'the server asks to be spared': ({ code }) => truth(code in wishes) },
      sameness: ({ server, code }) => `${server} ${wishes[code] ?? ''}`,
      scope: (cases, _, { fleet }) =>
        scopeOfNodes(fleet, [...new Set(cases.map(({ agent }) => agent.node))], ntpSubject(cases[0].server)),
      severity: 'info',
      title: 'NTP server {server} asks us to {wish}',
      story: 'NTP server {server} asks us to {wish}.',
      confirm: ['on {node}: tcpdump -nvi any udp port 123'],
      values: ({ cases: [{ server, code }] }) => ({ server, wish: wishes[code] ?? '' }),
    }),
  ],
  isOver: ({ scope }, { fleet, at }) => isServerWell(fleet, scope.subject?.address ?? '', at),
  covers: [],
}
