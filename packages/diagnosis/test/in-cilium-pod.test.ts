import t from 'tap'
import { inCiliumPod } from '../src/in-cilium-pod.ts'

t.test('a command for the pod of Cilium on the node, said to be for Cilium', async (t) => {
  t.equal(
    inCiliumPod('cilium-dbg status'),
    'with Cilium: kubectl -n kube-system exec $(kubectl -n kube-system get pod -o name -l k8s-app=cilium --field-selector spec.nodeName={node}) -c cilium-agent -- cilium-dbg status',
  )
})
