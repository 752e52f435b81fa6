// What people check by hand when DNS fails, each broken in turn: the report's checklist and its findings say so.
import type { Report } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { get, kubectl } from './commands.ts'
import { coreDnsPods } from './dns-servers.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { deleteAgents, victimAndOther } from './nodes.ts'
import { installed, isQuiet, NAMESPACE, openFindings, report, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const WITHIN_SECONDS = 120
const ENDS_WITHIN_SECONDS = 150

type Broken = { check?: string; fault?: string; hidden?: RegExp }

t.test('the checklist', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim } = await victimAndOther()
  await installed(t)
  const upstream = upstreamOf(await report(), victim)
  const failing = (await report()).checks.filter(({ passed }) => passed === false)
  t.strictSame(failing, [], 'nothing is wrong yet')

  await t.test('CoreDNS may not read EndpointSlices', (t) =>
    isTold(t, { check: 'coredns-rbac', fault: 'coredns-not-synced' }, takeRightsOfCoreDns),
  )
  await t.test('no Service is labelled as cluster DNS', (t) =>
    isTold(t, { check: 'dns-service-exists', fault: 'cluster-dns-not-discovered' }, unlabelService),
  )
  await t.test('the Corefile may not be read', (t) =>
    isTold(t, { hidden: /does not let the Corefile be read/ }, hideCorefile),
  )

  const resolvConfs: [string, string, Broken][] = [
    [
      'a search domain is repeated',
      `${upstream}\nsearch twice.example twice.example`,
      { check: 'search-domains-repeated' },
    ],
    [
      'four nameservers',
      `${upstream}${`\nnameserver ${upstream}`.repeat(3)}`,
      { check: 'nameserver-limit', fault: 'resolv-conf-over-limits' },
    ],
    [
      'a loopback address as nameserver',
      '127.0.0.53',
      { check: 'systemd-resolved-loop', fault: 'dns-forwards-to-itself' },
    ],
  ]
  for (const [what, resolvConf, broken] of resolvConfs)
    await t.test(what, { skip: whyNoFaults() }, (t) => isTold(t, broken, () => writeResolvConf(victim, resolvConf)))
  await uninstall()
})

/** @param breaks returns how to repair it */
async function isTold(t: Test, broken: Broken, breaks: () => Promise<() => Promise<unknown>>): Promise<void> {
  const repair = await breaks()
  t.teardown(repair)
  const told = await until('it is told', WITHIN_SECONDS, (seen) => tells(seen, broken))
  t.comment(`told after ${told.seconds.toFixed(0)} s`)
  for (const { id, detail } of told.report.checks.filter(({ passed }) => passed === false))
    t.comment(`${id}: ${detail}`)
  for (const { fault, story } of openFindings(told.report)) t.comment(`${fault}: ${story}`)
  for (const sentence of told.report.hidden) t.comment(sentence)
  await repair()
  const ended = await until(
    'all is well again',
    ENDS_WITHIN_SECONDS,
    (seen) => isQuiet(seen) && !seen.checks.some(({ passed }) => passed === false) && seen.hidden.length === 0,
  )
  t.comment(`well again after ${ended.seconds.toFixed(0)} s`)
}

const tells = (seen: Report, { check, fault, hidden }: Broken): boolean =>
  (check === undefined || seen.checks.some(({ id, passed }) => id === check && passed === false)) &&
  (fault === undefined || openFindings(seen).some((finding) => finding.fault === fault)) &&
  (hidden === undefined || hidden.test(seen.hidden.join('\n')))

type Rule = { resources: string[] }

async function takeRightsOfCoreDns(): Promise<() => Promise<unknown>> {
  const repair = await withoutRules('clusterrole/system:coredns', ({ resources }) =>
    resources.includes('endpointslices'),
  )
  const [pod] = await coreDnsPods()
  await kubectl('-n', 'kube-system', 'delete', 'pod', pod?.name ?? '')
  return repair
}

const hideCorefile = () =>
  withoutRules(
    `role/oddnode-aggregator-${NAMESPACE}`,
    ({ resources }) => resources.includes('configmaps'),
    '-n',
    'kube-system',
  )

/** Takes rules of a role away. @returns how to give them back */
async function withoutRules(
  role: string,
  isTaken: (rule: Rule) => boolean,
  ...where: string[]
): Promise<() => Promise<unknown>> {
  const { rules } = await get<{ rules: Rule[] }>(role, ...where)
  const write = (value: Rule[]) =>
    kubectl(
      'patch',
      role,
      ...where,
      '--type=json',
      '--patch',
      JSON.stringify([{ op: 'replace', path: '/rules', value }]),
    )
  await write(rules.filter((rule) => !isTaken(rule)))
  return () => write(rules)
}

async function unlabelService(): Promise<() => Promise<unknown>> {
  const label = (value: string) => kubectl('-n', 'kube-system', 'label', 'service/kube-dns', value, '--overwrite')
  await label('k8s-app-')
  return () => label('k8s-app=kube-dns')
}

/** What kubelet hands on to containers that start from now on: the host's agent gets a copy. */
async function writeResolvConf(node: string, resolvConf: string): Promise<() => Promise<unknown>> {
  await makeFault(node, 'resolv-conf', resolvConf)
  await deleteAgents(node)
  return async () => {
    await heal(node)
    await deleteAgents(node)
  }
}

function upstreamOf({ nodes }: Report, node: string): string {
  const host = nodes.find(({ name }) => name === node)?.agents.find(({ vantage }) => vantage === 'host')
  return host?.facts?.resolvConf?.usedNameservers[0] ?? ''
}
