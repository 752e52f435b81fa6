import t from 'tap'
import { commandOf } from '../../../src/report/model/command.ts'

t.test('where to type is not part of what is typed', async (t) => {
  const cases = [
    ['on node-3: date -u; chronyc -n tracking', 'on node-3', 'date -u; chronyc -n tracking'],
    ['in a pod on node-2: dig @169.254.20.10 a.', 'in a pod on node-2', 'dig @169.254.20.10 a.'],
    [
      'with Cilium, in its pod on n: cilium-dbg service list',
      'with Cilium, in its pod on n',
      'cilium-dbg service list',
    ],
    ['kubectl get pods -l a: b', null, 'kubectl get pods -l a: b'],
  ] as const
  for (const [line, place, text] of cases) t.strictSame(commandOf(line), { place, text })
})
