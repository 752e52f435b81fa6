import t from 'tap'
import { placesHtml } from '../../../src/report/html/places.ts'
import { findingOf, nodeOf } from '../sample-report.ts'

const inKubernetes = [nodeOf('node-2', [], { ready: true })]
const htmlOf = (confirm: string[], nodes = inKubernetes) => placesHtml({ finding: findingOf({ confirm }), nodes })

t.test('on a node: a pod that opens it, and how to delete that', async (t) => {
  const text = htmlOf(['on node-2: ip route'])
  t.match(text, 'kubectl debug node/node-2 -it --profile&#61;sysadmin --image&#61;IMAGE -- chroot /host')
  t.match(text, 'kubectl delete $(kubectl get pod -o name | grep node-debugger-node-2-)')
  t.notMatch(text, 'kubectl run')
})

t.test('in a pod: one that deletes itself, on that node', async (t) => {
  for (const place of ['in a pod on node-2', 'in a pod on node-2, twice']) {
    const text = htmlOf([`${place}: dig @169.254.20.10 a.`])
    t.match(text, /kubectl run \S+ -it --rm .*nodeName&#34;:&#34;node-2&#34;/)
    t.notMatch(text, 'kubectl debug')
  }
})

t.test('what can be typed anywhere needs no way', async (t) => {
  t.equal(htmlOf(['kubectl get node', 'with Cilium: kubectl get pod', 'on any node: chronyc sources']), '')
  t.equal(htmlOf([]), '')
})

t.test('outside of Kubernetes nobody has kubectl', async (t) => {
  t.equal(htmlOf(['on laptop: ip route'], [nodeOf('laptop', [])]), '')
  t.not(htmlOf(['on node-2: ip route', 'kubectl get node node-2'], []), '', 'nodes that are not known any more')
})
