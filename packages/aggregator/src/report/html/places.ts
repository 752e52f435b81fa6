import { commandOf, type Incident } from '@oddnode/protocol'
import { html } from 'ghtml'
import { commandHtml } from './command.ts'

/** Once on a page: how to come to where the commands of a finding are to be typed, and how to leave nothing behind. '' where any place will do. */
export function placesHtml({ finding, nodes }: Pick<Incident, 'finding' | 'nodes'>): string {
  const places = finding.confirm.flatMap((line) => commandOf(line).place ?? [])
  const ways = [wayToNode(nodeIn(places, /^on (\S+)/)), wayToPod(nodeIn(places, /^in a pod on (\S+?),?(?: |$)/))]
  const isInKubernetes =
    nodes.some(({ ready }) => ready !== null) || finding.confirm.some((line) => line.startsWith('kubectl '))
  if (!isInKubernetes || ways.every((way) => way === '')) return ''
  return html`<section aria-labelledby="places"><h2 id="places">How to get there</h2>!${ways}</section>`
}

/** The first node that a place names. */
const nodeIn = (places: readonly string[], place: RegExp): string | null =>
  places.flatMap((one) => place.exec(one)?.[1] ?? []).find((word) => word !== 'any') ?? null

/** An image that is there already needs no registry, which a node without DNS or with a wrong clock does not reach. */
function wayToNode(node: string | null): string {
  if (node === null) return ''
  return html`<p>On a node: by SSH, or in a pod that opens its file system. IMAGE is one that has a shell; best one that the node holds already, as that of its CNI:</p>
!${commandHtml(`kubectl get node ${node} -o jsonpath='{range .status.images[*]}{.names[-1]}{"\\n"}{end}'`)}
!${commandHtml(`kubectl debug node/${node} -it --profile=sysadmin --image=IMAGE -- chroot /host`)}
<p>That pod stays when you leave it. To delete it:</p>
!${commandHtml(`kubectl delete $(kubectl get pod -o name | grep node-debugger-${node}-)`)}`
}

function wayToPod(node: string | null): string {
  if (node === null) return ''
  const overrides = JSON.stringify({ spec: { nodeName: node } })
  return html`<p>In a pod on a node: any pod there that has the program, or one of its own, which is deleted when you leave it. IMAGE is one with dig:</p>
!${commandHtml(`kubectl run oddnode-look -it --rm --restart=Never --image=IMAGE --overrides='${overrides}' -- sh`)}`
}
