// What a real API server says of what the chart renders, custom resources of other projects included: unknown fields, wrong types,
// immutable combinations, Pod Security.
import t from 'tap'
import { defineCustomResources } from './custom-resources.ts'
import { NAMESPACE, objectsOf, type Ran, rendered, run, valuesFiles, whyNot } from './helm.ts'

const skip =
  process.env['KUBECONFIG'] === undefined
    ? 'KUBECONFIG is not set'
    : whyNot('helm') || whyNot('kubectl') || whyNot('go')

t.test('the API server takes every render', { skip }, async (t) => {
  const made = run('kubectl', ['create', 'namespace', NAMESPACE])
  t.equal(made.status, 0, made.stderr)
  t.teardown(() => run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']))
  run('kubectl', ['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/warn=restricted'])
  t.teardown(defineCustomResources())

  for (const { name, file } of valuesFiles('values')) {
    await t.test(name, async (t) => {
      const objects = objectsOf(rendered('--values', file))
      const text = objects.map((object) => object.text).join('\n---\n')
      const { status, stderr } = applied(text)
      t.equal(status, 0, stderr)
      const refused = stderr.split('\n').filter((line) => line.includes('would violate PodSecurity'))
      const hasHostAgents = objects.some(({ name }) => name === 'oddnode-agent-host')
      t.equal(refused.length, hasHostAgents ? 1 : 0, `Pod Security restricted, but for host agents: ${stderr}`)
      for (const line of refused) {
        t.match(line, /hostNetwork=true|host namespaces/)
        t.notMatch(line, /runAsNonRoot|seccompProfile|capabilities|allowPrivilegeEscalation|volume/)
      }
    })
  }
  await t.test('fields that nobody knows are refused', async (t) => {
    const everything = valuesFiles('values').find(({ name }) => name === '04-everything')?.file ?? ''
    const text = rendered('--values', everything)
    for (const [kind, field] of [
      ['PodMonitor', 'podMetricsEndpoints'],
      ['ServiceMonitor', 'honorLabels'],
      ['PrometheusRule', 'keep_firing_for'],
      ['HTTPRoute', 'backendRefs'],
    ] as const) {
      const [object] = objectsOf(text).filter((one) => one.kind === kind)
      const { status, stderr } = applied(object?.text.replaceAll(`${field}:`, 'misspelt:') ?? '')
      t.not(status, 0, kind)
      t.match(stderr, /unknown field .*misspelt/)
    }
  })
})

/** Asked of the API server, and not kept. */
function applied(text: string): Ran {
  return run('kubectl', ['apply', '--dry-run=server', '--validate=strict', '-f', '-'], text)
}
