import { runKubectl } from './run-kubectl.ts'

/** The aggregator's Service. */
export type ServicePlace = { namespace: string; name: string; port: number }

/** How kubectl is told which cluster; passed on to each of its runs. */
export type ClusterFlags = { namespace?: string; context?: string; kubeconfig?: string }

/** What the chart labels it with. */
const SELECTOR = 'app.kubernetes.io/name=oddnode,app.kubernetes.io/component=aggregator'
const PORT_NAME = 'http'

export const flagsOf = ({ context, kubeconfig }: ClusterFlags): string[] => [
  ...(context === undefined ? [] : ['--context', context]),
  ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
]

/**
 * Finds the aggregator's Service by its labels, in one namespace or in all.
 * @returns or what to do, in one sentence. Never rejects
 */
export async function findService(
  cluster: ClusterFlags,
  signal: AbortSignal,
): Promise<ServicePlace | { error: string }> {
  const { namespace } = cluster
  const where = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace]
  const run = await runKubectl([...flagsOf(cluster), 'get', 'services', ...where, '-l', SELECTOR, '-o', 'json'], signal)
  if ('error' in run) return { error: problemOf(run.error, namespace) }
  const found = placesIn(run.output)
  if (found === null) return { error: problemOf('kubectl printed no JSON', namespace) }
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  return { error: only === undefined ? noneIn(namespace) : severalWords(found, namespace) }
}

function problemOf(error: string, namespace: string | undefined): string {
  const remedy = /forbidden/i.test(error) && namespace === undefined ? '; name the namespace with -n' : ''
  return `cannot look for the aggregator's Service: ${error}${remedy}`
}

const noneIn = (namespace: string | undefined): string =>
  `no Service of an oddnode aggregator in ${namespace === undefined ? 'any namespace' : `the namespace ${namespace}`} (labels ${SELECTOR}): is it installed?`

function severalWords(found: readonly ServicePlace[], namespace: string | undefined): string {
  const places = found.map((place) => `${place.namespace}/${place.name}`).join(', ')
  const [first] = found
  return namespace === undefined
    ? `several aggregators: ${places}; choose one with -n NAMESPACE`
    : `several aggregators: ${places}; run kubectl -n ${namespace} port-forward service/${first?.name} 8530:${first?.port}, and oddnode report http://127.0.0.1:8530`
}

/** A ServiceList as kubectl prints it; of it only what is used is looked at. */
type Listed = {
  items?: { metadata?: { namespace?: string; name?: string }; spec?: { ports?: { name?: string; port?: number }[] } }[]
}

/** Null for what is no JSON: an `alias`, a wrapper or a plugin may print anything. */
function placesIn(output: string): ServicePlace[] | null {
  const listed = listedIn(output)
  if (listed === null) return null
  const { items = [] } = listed
  return items.flatMap(({ metadata: { namespace, name } = {}, spec: { ports = [] } = {} }) => {
    const port = (ports.find((one) => one.name === PORT_NAME) ?? ports[0])?.port
    return namespace === undefined || name === undefined || port === undefined ? [] : [{ namespace, name, port }]
  })
}

function listedIn(output: string): Listed | null {
  try {
    const parsed: unknown = JSON.parse(output)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : null
  } catch {
    return null
  }
}
