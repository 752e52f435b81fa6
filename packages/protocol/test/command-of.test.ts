import t from 'tap'
import { commandOf } from '../src/command-of.ts'

t.test('where to type is not part of what is typed', async (t) => {
  const cases = [
    ['on node-3: date -u; chronyc -n tracking', 'on node-3', 'date -u; chronyc -n tracking'],
    ['in a pod on node-2: dig @169.254.20.10 a.', 'in a pod on node-2', 'dig @169.254.20.10 a.'],
    ['with Cilium: kubectl exec cilium-1 -- hubble observe', 'with Cilium', 'kubectl exec cilium-1 -- hubble observe'],
    ['kubectl get pods -l a: b', null, 'kubectl get pods -l a: b'],
  ] as const
  for (const [line, place, text] of cases) t.strictSame(commandOf(line), { place, text })
})
