// What a real API server says of what the chart renders: unknown fields, wrong types, immutable combinations, Pod Security.
import t from 'tap'
import { NAMESPACE, objectsOf, rendered, run, valuesFiles, whyNot } from './helm.ts'

const skip = process.env['KUBECONFIG'] === undefined ? 'KUBECONFIG is not set' : whyNot('helm') || whyNot('kubectl')

t.test('the API server takes every render', { skip }, async (t) => {
  const made = run('kubectl', ['create', 'namespace', NAMESPACE])
  t.equal(made.status, 0, made.stderr)
  t.teardown(() => run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']))
  run('kubectl', ['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/warn=restricted'])
  const served = new Set(run('kubectl', ['api-versions']).stdout.split('\n'))

  for (const { name, file } of valuesFiles('values')) {
    await t.test(name, async (t) => {
      const objects = objectsOf(rendered('--values', file))
      const known = objects.filter(({ apiVersion }) => served.has(apiVersion))
      for (const { kind, apiVersion } of objects)
        if (!served.has(apiVersion)) t.comment(`left out: ${kind}, this cluster does not serve ${apiVersion}`)
      const text = known.map((object) => object.text).join('\n---\n')
      const { status, stderr } = run('kubectl', ['apply', '--dry-run=server', '--validate=strict', '-f', '-'], text)
      t.equal(status, 0, stderr)
      const refused = stderr.split('\n').filter((line) => line.includes('would violate PodSecurity'))
      const hasHostAgents = known.some(({ name }) => name === 'oddnode-agent-host')
      t.equal(refused.length, hasHostAgents ? 1 : 0, `Pod Security restricted, but for host agents: ${stderr}`)
      for (const line of refused) {
        t.match(line, /hostNetwork=true|host namespaces/)
        t.notMatch(line, /runAsNonRoot|seccompProfile|capabilities|allowPrivilegeEscalation|volume/)
      }
    })
  }
})
