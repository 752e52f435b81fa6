import { controlQuestions } from '@oddnode/protocol'
import t from 'tap'
import { fallbackPlan, type Sight } from '../src/fallback-plan.ts'
import { planProblem } from '../src/plan-problem.ts'
import { configOf } from './configuration.ts'

const nothing: Sight = { resolvConf: undefined, localAddresses: [], environment: {} }
const pod: Sight = {
  ...nothing,
  resolvConf: {
    usedNameservers: ['10.96.0.10'],
    search: ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
  },
}
const targetsOf = (sight: Sight, ...flags: string[]) =>
  fallbackPlan(configOf(...flags), sight).targets.map(({ role, address, port, learnedFrom }) => [
    role,
    address,
    port,
    learnedFrom,
  ])

t.test('a pod asks the nameserver that its applications use', async (t) => {
  t.strictSame(targetsOf(pod), [['resolv-conf', '10.96.0.10', 53, 'resolv.conf']])
  const plan = fallbackPlan(configOf(), pod)
  t.match(plan.names, { clusterDomain: 'cluster.local', namespace: 'oddnode', external: null, canary: null })
  t.ok(plan.probes.some(({ question }) => question === 'kubernetes'))
})

t.test('a machine outside of any cluster asks what every resolver should know by itself', async (t) => {
  const plan = fallbackPlan(configOf(), {
    ...nothing,
    resolvConf: { usedNameservers: ['192.0.2.53'], search: ['example.net'] },
  })
  t.match(plan.names, { clusterDomain: null, namespace: null })
  t.strictSame([...new Set(plan.probes.map(({ question }) => question))], ['invalid'])
})

t.test(
  'a host whose resolver serves no cluster is not asked for the cluster that its configuration names',
  async (t) => {
    const config = configOf(
      '--names.clusterDomain=cluster.local',
      '--names.namespace=oddnode',
      '--targets.clusterDns=10.96.0.10',
    )
    const asked = (search: string[], vantage: 'host' | 'pod') => {
      const plan = fallbackPlan(
        { ...config, vantage },
        { ...nothing, resolvConf: { usedNameservers: ['192.0.2.53'], search } },
      )
      const target = plan.targets.findIndex(({ role }) => role === 'resolv-conf')
      return [...new Set(plan.probes.filter((probe) => probe.target === target).map(({ question }) => question))]
    }
    t.strictSame(asked(['example.net'], 'host'), ['invalid'], 'dnsPolicy Default')
    t.ok(asked(['svc.cluster.local'], 'host').includes('kubernetes'), 'dnsPolicy ClusterFirstWithHostNet')
    t.ok(asked([], 'pod').includes('kubernetes'), 'pods use it for everything')
  },
)

t.test('a node-local cache is seen by its link-local address', async (t) => {
  t.strictSame(targetsOf({ ...nothing, localAddresses: ['169.254.25.10'] }), [
    ['node-local', '169.254.25.10', 53, 'local-address'],
  ])
  const named = { ...nothing, resolvConf: { usedNameservers: ['169.254.20.10'], search: [] } }
  t.match(targetsOf(named), [['node-local', '169.254.20.10']])
})

t.test('a pod in kube-system knows cluster DNS from its environment', async (t) => {
  t.strictSame(targetsOf({ ...nothing, environment: { KUBE_DNS_SERVICE_HOST: '10.96.0.10' } }), [
    ['cluster-dns', '10.96.0.10', 53, 'environment'],
  ])
})

t.test('configured targets come first, and none is asked twice', async (t) => {
  t.strictSame(targetsOf(pod, '--targets.clusterDns=10.96.0.10', '--targets.endpoint=[2001:db8::5]:5353'), [
    ['cluster-dns', '10.96.0.10', 53, 'configuration'],
    ['endpoint', '2001:db8::5', 5353, 'configuration'],
  ])
})

t.test('never a customary address that nobody here uses; no NTP server by default', async (t) => {
  const plan = fallbackPlan(configOf(), nothing)
  t.strictSame([plan.targets, plan.probes, plan.ntp], [[], [], []])
  t.match(fallbackPlan(configOf('--targets.ntp=192.0.2.9'), nothing).ntp, [{ address: '192.0.2.9', port: 123 }])
})

t.test('whatever a resolv.conf says, the plan can be asked', async (t) => {
  for (const search of [['svc..local'], [`svc.${'x'.repeat(64)}`], ['svc.'], ['svc']]) {
    const plan = fallbackPlan(configOf(), {
      ...nothing,
      resolvConf: { usedNameservers: ['fe80::1%eth0', 'x'], search },
    })
    t.equal(planProblem(plan), null)
  }
})

t.test('it stays quiet: no control, and nothing that one agent asks for its group', async (t) => {
  const everywhere = ['clusterDns=10.96.0.10', 'nodeLocal=169.254.20.10', 'endpoint=10.244.1.2', 'upstream=192.0.2.1']
  const plan = fallbackPlan(
    configOf(...everywhere.map((target) => `--targets.${target}`), '--names.external=a.test'),
    pod,
  )
  const loud = [...controlQuestions, 'invalid', 'case', 'wildcard', 'trap', 'large'] as const
  t.notOk(plan.probes.some(({ question }) => (loud as readonly string[]).includes(question)))
})
