// Whether the oldest Kubernetes that the chart installs on takes what it renders: its API is asked in the document that it published.
import t from 'tap'
import { rendered, run, valuesFiles, whyNot } from './helm.ts'
import { type ApiObject, checkOf, OLDEST_KUBERNETES } from './kubernetes-api.ts'

const skip = whyNot('helm') || whyNot('kubectl') || whyNot('go')
const CUSTOM = ['monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1']

t.test(`Kubernetes ${OLDEST_KUBERNETES.version} takes every render`, { skip }, async (t) => {
  const check = checkOf(OLDEST_KUBERNETES)
  for (const { name, file } of valuesFiles('values')) {
    await t.test(name, async (t) => {
      for (const object of objectsIn(rendered('--values', file))) {
        if (CUSTOM.includes(object.apiVersion)) continue // other projects' own, which the API server is asked of
        t.strictSame(check(object), [], `${object.kind} ${object.metadata.name}`)
      }
    })
  }

  await t.test('a field of a later version is seen', async (t) => {
    const containers = [{ name: 'later', restartPolicyRules: [] }]
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'later' }, spec: { containers } }
    t.match(check(pod), [/restartPolicyRules/])
  })
})

/** Read as kubectl reads YAML; no cluster is asked. */
function objectsIn(text: string): ApiObject[] {
  const asked = ['patch', '--local', '--filename=-', '--type=merge', '--patch={}', '--output=json']
  const { status, stdout, stderr } = run('kubectl', asked, text)
  if (status !== 0) throw new Error(stderr)
  return stdout
    .split(/^(?=\{)/m)
    .filter((part) => part !== '')
    .map((part) => JSON.parse(part) as ApiObject)
}
