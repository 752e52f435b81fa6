// What people check by hand when DNS fails, each broken in turn: the report's checklist and its findings say so.
import type { Report } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import {
  forgetNamespace,
  hideCorefile,
  type Repair,
  startCoreDnsNowhere,
  startCoreDnsUnready,
  takeRightsOfCoreDns,
  unlabelService,
  upstreamOf,
  writeResolvConf,
} from './breaks.ts'
import { whyNoCoreDns } from './dns-servers.ts'
import { whyNoFaults } from './faults-command.ts'
import { victimAndOther } from './nodes.ts'
import { installed, isQuiet, openFindings, report, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const WITHIN_SECONDS = 120
const ENDS_WITHIN_SECONDS = 150

/** What the report says: of checks that fail, by id, each in its sentence. */
type Told = { checks?: Record<string, RegExp>; fault?: string; hidden?: RegExp }
type Case = { what: string; breaks: () => Promise<Repair>; told: Told; skip?: string | false }

t.test('the checklist', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim } = await victimAndOther()
  await installed(t)
  const well = await report()
  const failing = well.checks.filter(({ passed }) => passed === false)
  t.strictSame(failing, [], 'nothing is wrong yet')
  const cases = [...ofTheApi(await whyNoCoreDns()), ...ofResolvConf(well, victim, whyNoFaults())]
  for (const { what, breaks, told, skip = false } of cases) await t.test(what, { skip }, (t) => isTold(t, told, breaks))
  await uninstall()
})

function ofTheApi(noCoreDns: string | false): Case[] {
  return [
    {
      what: 'a DNS pod that runs nowhere',
      breaks: startCoreDnsNowhere,
      told: { checks: { 'dns-pods-running': /^2 of 3 pods are ready: coredns-\S+ \(Pending: .+\)\.$/ } },
      skip: noCoreDns,
    },
    {
      what: 'a DNS pod that is not ready',
      breaks: startCoreDnsUnready,
      told: {
        checks: {
          'dns-pods-running': /^2 of 3 pods are ready: coredns-\S+ \(.+\)\.$/,
          'endpointslices-ready': /^2 of 3 endpoints are ready, \S*coredns-\S+ not\.$/,
        },
      },
      skip: noCoreDns,
    },
    {
      what: 'CoreDNS may not read EndpointSlices',
      breaks: takeRightsOfCoreDns,
      told: {
        checks: { 'coredns-rbac': /^ClusterRole system:coredns lacks list endpointslices, watch endpointslices\.$/ },
        fault: 'coredns-not-synced',
      },
    },
    {
      what: 'no Service is labelled as cluster DNS',
      breaks: unlabelService,
      told: {
        checks: { 'dns-service-exists': /^No Service is labelled k8s-app=kube-dns or coredns/ },
        fault: 'cluster-dns-not-discovered',
      },
    },
    {
      what: 'the Corefile may not be read',
      breaks: hideCorefile,
      told: { hidden: /does not let the Corefile be read/ },
    },
  ]
}

function ofResolvConf(well: Report, victim: string, skip: string | false): Case[] {
  const upstream = upstreamOf(well, victim)
  const written = (resolvConf: string) => () => writeResolvConf(victim, resolvConf)
  return [
    {
      what: 'a search domain is repeated',
      breaks: written(`${upstream}\nsearch twice.example twice.example`),
      told: { checks: { 'search-domains-repeated': new RegExp(`${victim} \\(host\\).* names a search domain twice`) } },
      skip,
    },
    {
      what: 'four nameservers',
      breaks: written(`${upstream}${`\nnameserver ${upstream}`.repeat(3)}`),
      told: {
        checks: { 'nameserver-limit': new RegExp(`^kubelet cuts the resolv\\.conf of ${victim}: `) },
        fault: 'resolv-conf-over-limits',
      },
      skip,
    },
    {
      what: 'a loopback address as nameserver',
      breaks: written('127.0.0.53'),
      told: {
        checks: { 'systemd-resolved-loop': new RegExp(`${victim} \\(host\\) names a server on its own loopback`) },
        fault: 'dns-forwards-to-itself',
      },
      skip,
    },
    {
      what: 'a search list without the namespace of the pod',
      breaks: () => forgetNamespace(well, victim),
      told: { checks: { 'namespace-search': / \(pod\).* does not search oddnode\.svc\.\S+, svc\.\S+, \S+ first\.$/ } },
    },
  ]
}

/** It is told once it is broken, and no more once it is repaired. */
async function isTold(t: Test, expected: Told, breaks: () => Promise<Repair>): Promise<void> {
  const repair = once(await breaks())
  t.teardown(repair)
  const told = await until('it is told', WITHIN_SECONDS, (seen) => tells(seen, expected))
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

const tells = (seen: Report, { checks = {}, fault, hidden }: Told): boolean =>
  Object.entries(checks).every(([id, sentence]) =>
    seen.checks.some((check) => check.id === id && check.passed === false && sentence.test(check.detail)),
  ) &&
  (fault === undefined || openFindings(seen).some((finding) => finding.fault === fault)) &&
  (hidden === undefined || hidden.test(seen.hidden.join('\n')))

function once(act: Repair): Repair {
  let done: Promise<unknown> | null = null
  return () => {
    done ??= act()
    return done
  }
}
