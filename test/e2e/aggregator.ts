import { get, kubectl } from './commands.ts'
import { NAMESPACE } from './release.ts'

const DEPLOYMENT = 'deployment/oddnode-aggregator'
const PODS = ['-l', 'app.kubernetes.io/component=aggregator']

/** Without a word, as when its node dies. The Deployment makes another one at once. */
export const killAggregator = (): Promise<string> =>
  kubectl('-n', NAMESPACE, 'delete', 'pod', ...PODS, '--grace-period=0', '--force')

/** Killed, and no other one is made until `startAggregator`. */
export async function stopAggregator(): Promise<void> {
  await kubectl('-n', NAMESPACE, 'scale', DEPLOYMENT, '--replicas=0')
  await killAggregator()
}

export async function startAggregator(): Promise<void> {
  await kubectl('-n', NAMESPACE, 'scale', DEPLOYMENT, '--replicas=1')
  await aggregatorReady()
}

export const aggregatorReady = (): Promise<string> =>
  kubectl('-n', NAMESPACE, 'rollout', 'status', DEPLOYMENT, '--timeout=90s')

export const aggregatorImage = (): Promise<string> =>
  kubectl('-n', NAMESPACE, 'get', DEPLOYMENT, '-o', 'jsonpath={.spec.template.spec.containers[0].image}')

export async function aggregatorPod(): Promise<{ name: string; node: string }> {
  type Pods = { items: { metadata: { name: string }; spec: { nodeName: string } }[] }
  const [pod] = (await get<Pods>('-n', NAMESPACE, 'pods', ...PODS)).items
  if (!pod) throw new Error('there is no pod of the aggregator')
  return { name: pod.metadata.name, node: pod.spec.nodeName }
}
