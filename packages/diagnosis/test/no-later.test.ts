import t from 'tap'
import { agentNoLater, findingNoLater } from '../src/no-later.ts'
import { instant } from '../src/words.ts'
import { faultWorld } from './faults/fault-world.ts'
import { ntpClock, present, start } from './world.ts'

const fleet = { listeningSince: start, now: start + 3 }
const justBefore = start - 0.001
const well = { state: 'ok', reason: null, outcome: 'answered', outcomes: { answered: 20 }, rcode: 0 } as const
const counts = { answered: 20, asked: 20, medianSeconds: 0.001, badInARow: 0, goodInARow: 20, answers: [], error: null }

const agent = (seconds: number) => ({
  node: 'node-1',
  vantage: 'pod' as const,
  version: '0.1.0',
  planId: 'a1',
  firstSeen: seconds,
  lastSeen: seconds,
  stopped: false,
  droppedRounds: 0,
  applied: {},
  facts: null,
  states: [
    { probe: 0, ...well, ...counts, since: seconds, lastSampleAt: seconds },
    { probe: 1, ...well, ...counts, since: null, lastSampleAt: null },
  ],
  clocks: [
    { sample: ntpClock(0), takenAt: seconds, tries: [{ takenAt: seconds, outcome: 'answered' as const }] },
    { sample: ntpClock(0, '192.0.2.2'), takenAt: seconds },
  ],
})

t.test('what an agent cannot have done yet it did before the aggregator listened', async (t) => {
  t.strictSame(agentNoLater(agent(start + 7200), fleet), agent(justBefore))
})

t.test('times of the past stay as they are', async (t) => {
  t.strictSame(agentNoLater(agent(start - 7200), fleet), agent(start - 7200))
  t.strictSame(agentNoLater(agent(fleet.now), fleet), agent(fleet.now))
})

t.test('a finding neither began nor ended in the future', async (t) => {
  const [finding] = faultWorld().run(8, (node, { vantage, role }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null,
  )
  const [past, future] = [instant(start - 60), instant(start + 7200)]
  const open = { ...present(finding), since: past, lastSeen: future }
  t.strictSame(findingNoLater(open, fleet), { ...open, lastSeen: instant(justBefore) })
  const ended = { ...open, since: future, ended: future }
  const then = instant(justBefore)
  t.strictSame(findingNoLater(ended, fleet), { ...ended, since: then, lastSeen: then, ended: then })
  t.strictSame(findingNoLater({ ...open, lastSeen: past }, fleet), { ...open, lastSeen: past })
})
