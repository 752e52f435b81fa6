import t from 'tap'
import { learntTargets, learntText, targetsByOrigin } from '../../../src/report/model/learnt-targets.ts'
import { agentOf, probeOf } from '../sample-report.ts'

const cache = { role: 'node-local', address: '169.254.20.10' } as const
const upstream = { role: 'upstream', address: '192.0.2.53' } as const

t.test('each target once, with where it was learnt', async (t) => {
  const probes = [
    probeOf({ target: { ...cache, learnedFrom: 'kubernetes' } }),
    probeOf({ target: { ...cache, learnedFrom: 'kubernetes' }, transport: 'tcp' }),
    probeOf({ target: { ...upstream, learnedFrom: 'configuration' } }),
  ]
  const fallback = agentOf([probeOf({ target: { ...cache, learnedFrom: 'local-address' } })])
  const targets = learntTargets([agentOf(probes), fallback])
  t.strictSame(targets, [
    { ...cache, learnedFrom: ['kubernetes', 'local-address'] },
    { ...upstream, learnedFrom: ['configuration'] },
  ])
  t.strictSame(targets.map(learntText), ["from Kubernetes or the node's addresses", 'from the configuration'])
})

t.test('nobody learnt the address where nobody lives', async (t) => {
  const target = { ...upstream, learnedFrom: 'configuration' } as const
  t.strictSame(learntTargets([agentOf([probeOf({ target, question: 'trap' })])]), [])
})

t.test('by place; of very many the first ones', async (t) => {
  const endpoint = (i: number) => ({ role: 'endpoint', address: `10.0.0.${i}`, learnedFrom: 'kubernetes' }) as const
  const nameserver = { role: 'resolv-conf', address: '192.0.2.1', learnedFrom: 'resolv.conf' } as const
  const targets = [...Array.from({ length: 9 }, (_, i) => endpoint(i)), nameserver]
  t.match(targetsByOrigin(learntTargets([agentOf(targets.map((target) => probeOf({ target })))])), [
    { from: 'from Kubernetes', names: /^endpoint 10\.0\.0\.0, .*endpoint 10\.0\.0\.7, 1 other$/ },
    { from: 'from resolv.conf', names: 'resolv-conf 192.0.2.1' },
  ])
})
