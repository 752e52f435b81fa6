import t from 'tap'
import { noticesOf } from '../../../src/report/model/situation.ts'
import { momentOf } from '../sample-moment.ts'
import { sampleReport } from '../sample-report.ts'

const { verdict } = sampleReport()
const counts = (agents: { expected: number; reporting: number }, ok = 0) =>
  sampleReport({ verdict: { ...verdict, agents, probes: { ok, degraded: 0, failing: 0, noData: 1 } } })
const heard = (changes: object) => ({ ...momentOf().heard, ...changes })
const noticesFor = (...moment: Parameters<typeof momentOf>) =>
  noticesOf({ ...momentOf(...moment), namespace: 'dns-watch' })
const titles = (...moment: Parameters<typeof momentOf>) => noticesFor(...moment).map(({ title }) => title)

t.test('whole and fresh data needs no word', async (t) => {
  t.strictSame(titles(), [])
})

t.test('a store that fails, whatever else', async (t) => {
  const [first] = noticesFor(sampleReport({ storage: 'The disk is full.' }))
  t.equal(first?.title, 'Not remembered')
  t.match(first?.text, 'The disk is full.')
})

t.test('no agent was ever heard: what to look at', async (t) => {
  const none = { heard: heard({ latestAt: null }) }
  const [first] = noticesFor(counts({ expected: 6, reporting: 0 }), none)
  t.equal(first?.title, 'No agent reports')
  t.match(first?.text, '6 agents expected, none heard')
  t.strictSame(first?.commands, [
    'kubectl get pods --all-namespaces --selector app.kubernetes.io/name=oddnode --output wide',
    "kubectl logs --namespace dns-watch --selector 'app.kubernetes.io/component in (agent-host,agent-pod)' --prefix --tail 20",
  ])
  const [elsewhere] = noticesOf({ ...momentOf(counts({ expected: 6, reporting: 0 }), none), namespace: null })
  t.match(elsewhere?.commands[1], '--namespace oddnode ')
  t.match(noticesFor(counts({ expected: 0, reporting: 0 }), none)[0]?.text, 'No agent is known')
  const young = { heard: heard({ latestAt: null, startedAt: '2026-11-21T09:29:00.000Z' }) }
  t.strictSame(titles(counts({ expected: 6, reporting: 0 }), young), ['Just started'])
})

t.test('the first minute: nothing is called well yet', async (t) => {
  const young = { heard: heard({ startedAt: '2026-11-21T09:28:50.000Z' }) }
  const [first] = noticesFor(counts({ expected: 6, reporting: 4 }), young)
  t.equal(first?.title, 'First minute')
  t.match(first?.text, '4 of 6 agents report')
})

t.test('answers that settle nothing are no first minute', async (t) => {
  const [first] = noticesFor(counts({ expected: 1, reporting: 1 }))
  t.equal(first?.title, 'Nothing settled')
  t.match(first?.text, /^1 of 1 agent report, and what they are answered tells nothing.*names\.external/)
  const late = { heard: heard({ firstAt: '2026-11-21T09:28:50.000Z' }) }
  t.strictSame(titles(counts({ expected: 1, reporting: 1 }), late), ['First minute'], 'agents that came late')
})

t.test('data older than two rounds is said to be', async (t) => {
  const old = { heard: heard({ latestAt: '2026-11-21T09:28:40.000Z' }) }
  const [first] = noticesFor(counts({ expected: 6, reporting: 6 }, 9), old)
  t.equal(first?.title, 'Not fresh')
  t.match(first?.text, 'came at 2026-11-21 09:28:40 UTC, 33 s ago: more than two rounds')
  const fresh = { heard: heard({ latestAt: '2026-11-21T09:28:43.000Z' }) }
  t.strictSame(titles(counts({ expected: 6, reporting: 6 }, 9), fresh), [])
})

t.test('after a restart agents are missing for a round', async (t) => {
  const restarted = { heard: heard({ startedAt: '2026-11-21T09:28:50.000Z' }) }
  t.strictSame(titles(counts({ expected: 6, reporting: 4 }, 9), restarted), ['Just started'])
  t.strictSame(titles(counts({ expected: 6, reporting: 6 }, 9), restarted), [])
  t.strictSame(titles(counts({ expected: 6, reporting: 4 }, 9)), [], 'later it is a finding')
})

t.test('what is from before a restart is no fault of the agents', async (t) => {
  const restarted = { heard: heard({ latestAt: '2026-11-21T09:20:00.000Z', startedAt: '2026-11-21T09:28:50.000Z' }) }
  const [first] = noticesFor(counts({ expected: 6, reporting: 6 }, 9), restarted)
  t.equal(first?.title, 'Just restarted')
  t.match(
    first?.text,
    'started at 2026-11-21 09:28:50 UTC; no agent has pushed to it yet. Each does within a round of 15 s: wait for that. What follows is from 2026-11-21 09:20:00',
  )
  const late = { heard: heard({ latestAt: '2026-11-21T09:20:00.000Z', startedAt: '2026-11-21T09:22:00.000Z' }) }
  t.strictSame(titles(counts({ expected: 6, reporting: 6 }, 9), late), ['Not fresh'], 'later it is')
})

t.test('the past is as fresh as it was', async (t) => {
  t.strictSame(titles(counts({ expected: 6, reporting: 0 }), { past: true, heard: heard({ latestAt: null }) }), [])
})
