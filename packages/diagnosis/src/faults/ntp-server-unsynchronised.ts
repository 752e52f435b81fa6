import { isFresh } from '../clock-offsets.ts'
import type { Fault, View } from '../fault.ts'
import { isServerWell, lastTimeFrom, ntpSubject, type ServerReading, troubledReadings } from '../ntp-servers.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { truth } from '../truth.ts'

type Useless = Case & ServerReading

const UNSYNCHRONISED = 'unsynchronised'
/** A server that has just started is like this for some seconds. */
const FEWEST_TRIES = 2
/** RFC 5905 section 7.3. */
const NO_TIME_LEAP = 3
const MAX_STRATUM = 16

/** Agents that a server told that it has no time, or none that can be used. */
function useless(view: View): Useless[] {
  return troubledReadings(view, ({ sample }) => sample.outcome === UNSYNCHRONISED)
    .filter(({ agent, reading }) => isFresh(view.fleet, agent.plan, reading, view.at))
    .map((one) => ({ ...one, since: uselessTries(one)[0]?.takenAt ?? one.reading.takenAt, evidence: [] }))
}

const uselessTries = ({ reading: { tries = [] } }: ServerReading) =>
  tries.slice(tries.findLastIndex(({ outcome }) => outcome !== UNSYNCHRONISED) + 1)

/** T-08. */
export const ntpServerUnsynchronised: Fault = {
  name: 'ntp-server-unsynchronised',
  tier: 2,
  about:
    'An NTP server answers, but says that it has no time itself, or is so far from a clock that its time is never used.',
  cause:
    'The server has lost its own sources, or never had any (leap indicator 3, stratum 0 or 16); or it is so far from a clock, by root delay and root dispersion, that its time is worth nothing.',
  remedy: 'Repair the sources of the server, or take it out of the list.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc5905#section-7.3',
    'https://www.rfc-editor.org/rfc/rfc5905#section-11',
    'https://github.com/oxidecomputer/omicron/issues/7534',
  ],
  notTakenFor: {
    'ntp-servers-unreachable': 'there no server answers',
    'ntp-server-sends-kiss-of-death': 'there the server asks to be left alone',
  },
  rules: [
    fleetRule<Useless>({
      cases: useless,
      signature: {
        'the server says so twice in a row': (one) => truth(uselessTries(one).length >= FEWEST_TRIES),
        'no node has got the time from it since': ({ server, since }, { fleet }) =>
          truth(lastTimeFrom(fleet, server) < since),
      },
      sameness: ({ server }) => server,
      scope: ([{ server }]) => clusterScope(ntpSubject(server)),
      severity: 'warning',
      title: 'NTP server {server} has no time',
      story: 'NTP server {server} answers, but {why}.',
      confirm: ["on any node: chronyd -Q -t 3 'server {server} iburst maxsamples 1'"],
      values: ({ cases: [{ server, reading }] }) => ({
        server,
        why: hasNoTime(reading.sample) ? 'has no time itself' : 'is too far from a clock to be used',
      }),
    }),
  ],
  isOver: ({ scope }, { fleet, at }) => isServerWell(fleet, scope.subject?.address ?? '', at),
  covers: [{ faults: ['ntp-server-wrong'], on: 'same-target' }],
}

const hasNoTime = ({ leap, stratum = 0 }: ServerReading['reading']['sample']): boolean =>
  leap === NO_TIME_LEAP || stratum === 0 || stratum >= MAX_STRATUM
