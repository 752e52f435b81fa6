import t from 'tap'
import { probeKey, probeKeys } from '../src/probe-key.ts'
import { clusterPlan, planOf, present } from './world.ts'

t.test('target, transport, question and how it is asked make a probe', async (t) => {
  t.equal(new Set(probeKeys(clusterPlan)).size, 5)
  const [probe] = clusterPlan.probes
  const changed = [
    { sourcePort: 'fixed' as const },
    { question: 'large' as const, size: 1400 },
    { edns: { udpPayloadSize: 4096, nsid: false } },
    { edns: { udpPayloadSize: 1232, nsid: true } },
  ]
  for (const change of changed) {
    t.not(probeKey({ ...clusterPlan, probes: [{ ...present(probe), ...change }] }, 0), probeKey(clusterPlan, 0))
  }
  t.equal(probeKey({ ...clusterPlan, probes: [{ ...present(probe), everySeconds: 60 }] }, 0), probeKey(clusterPlan, 0))
  t.not(probeKey(planOf([{ role: 'node-local', address: '169.254.25.10' }]), 0), probeKey(clusterPlan, 0))
})

t.test('a probe that is not there is a bug of the caller', async (t) => {
  t.throws(() => probeKey(clusterPlan, 5), RangeError)
})
