import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { commandOf } from '@oddnode/protocol'
import t from 'tap'
import type { Fault } from '../../src/fault.ts'
import { faults } from '../../src/faults/registry.ts'

/** Tier 1 of the catalogue. */
const first = [
  'node-not-observed',
  'vantage-silent',
  'unexplained-difference',
  'pods-cannot-reach-node-local-dns',
  'node-local-dns-not-running',
  'service-rules-broken-on-node',
  'coredns-endpoint-failing',
  'tcp-53-blocked',
  'udp-53-blocked',
  'node-cut-off-from-pod-network',
  'pods-have-wrong-nameserver',
  'resolv-conf-over-limits',
  'dns-forwards-to-itself',
  'upstream-resolver-failing',
  'coredns-not-synced',
  'dns-packets-lost-on-node',
  'cluster-dns-has-no-endpoints',
  'node-clock-wrong',
  'ntp-servers-unreachable',
]

/** Tier 2. */
const second = [
  'cluster-dns-not-discovered',
  'node-local-dns-address-missing',
  'leftover-notrack-rules',
  'stale-conntrack-keeps-dead-endpoint',
  'conntrack-race-drops-paired-queries',
  'conntrack-table-full',
  'path-mtu-blackhole',
  'udp-fragments-dropped',
  'large-answers-need-tcp',
  'truncation-missing',
  'pods-have-no-network',
  'host-cannot-use-cluster-ip',
  'search-list-differs',
  'search-domain-has-wildcard',
  'upstream-rate-limited',
  'upstreams-give-different-answers',
  'wrong-cluster-domain',
  'coredns-replica-stale',
  'dns-blocked-on-node',
  'reply-from-unexpected-source',
  'host-has-no-route-to-cluster-ip',
  'coredns-overloaded',
  'node-dns-slow',
  'network-policy-blocks-dns',
  'external-answers-wrong',
  'node-local-cache-stale',
  'negative-answer-kept-too-long',
  'ipv6-path-broken',
  'ipv6-upstream-without-route',
  'dns-server-refuses-queries',
  'question-changed-on-the-way',
  'new-node-dns-not-ready',
  'coredns-not-spread',
  'edns-queries-fail',
  'cluster-clock-wrong',
  'aggregator-clock-wrong',
  'node-clock-unsynchronised',
  'node-clock-stepped',
  'node-clock-drifting',
  'ntp-server-wrong',
  'ntp-server-unsynchronised',
  'ntp-server-sends-kiss-of-death',
  'no-time-daemon',
  'node-clock-in-local-time',
]

/** Tier 3, without a file: they need hardware or a cloud. Others may be told from them all the same. */
const notReproducible = [
  'ipvs-keeps-removed-endpoint',
  'socket-balancer-keeps-removed-endpoint',
  'neighbour-table-full',
  'leap-smear-mixed',
]

const names = faults.map(({ name }) => name)
const known = new Set([...names, ...notReproducible])
const unknown = (wanted: Iterable<string>) => [...wanted].filter((name) => !known.has(name))

t.test('the registry has every file, once, by its name', async (t) => {
  const files = globSync('*.ts', { cwd: join(import.meta.dirname, '../../src/faults') })
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'registry')
  t.same([...names].sort(), files.sort())
})

t.test('it has all of the catalogue that can be reproduced', async (t) => {
  const ofTier = (tier: Fault['tier']) => faults.filter((fault) => fault.tier === tier).map(({ name }) => name)
  t.same(ofTier(1).sort(), first.sort())
  t.same(ofTier(2).sort(), second.sort())
  t.same(ofTier(3), [])
})

t.test('a name is also an address and a label', async (t) => {
  for (const { name } of faults) t.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/)
})

t.test('who covers and who looks alike are faults of the catalogue', async (t) => {
  for (const { name, covers, notTakenFor } of faults) {
    t.same(unknown(covers.flatMap(({ faults }) => (faults === 'all' ? [] : faults))), [], `${name} covers`)
    t.same(unknown(Object.keys(notTakenFor)), [], `${name} is not taken for`)
    t.notOk(name in notTakenFor, `${name} is no look-alike of itself`)
  }
})

t.test('every fault says what it is, what to do and where to read on', async (t) => {
  for (const { name, about, cause, remedy, references, rules, candidates } of faults) {
    t.match(about, /\.$/, `${name}: about`)
    t.match(cause, /\.$/, `${name}: cause`)
    t.match(remedy, /\.$/s, `${name}: remedy`)
    t.same(
      references.filter((reference) => !URL.canParse(reference) || !reference.startsWith('https://')),
      [],
      name,
    )
    t.equal(new Set(references).size, references.length, `${name}: each reference once`)
    t.ok(rules.length > 0 || candidates !== undefined, `${name} can show`)
  }
})

t.test('a rule has conditions, each with words of its own, and texts', async (t) => {
  for (const { name, rules } of faults) {
    for (const { conditions, texts } of rules) {
      t.ok(conditions.length > 0, name)
      t.equal(new Set(conditions).size, conditions.length, `${name}: a mutant names its condition`)
      t.notMatch(texts.title, /\.$/, `${name}: a title is no sentence`)
      t.match(texts.story, /[.}]$/, `${name}: a story is one`)
      if (texts.cause !== null) t.match(texts.cause, /\.$/, `${name}: so is a cause`)
    }
  }
})

/** What commands begin with: every other first word is prose. */
const programs = new Set(
  `cat chronyc chronyd cilium-dbg conntrack curl dig dmesg ethtool hubble ip iptables-save journalctl kubectl mpstat nc nft nstat ping ss
  sysctl systemctl tcpdump timedatectl`.split(/\s+/),
)
/** Words whose value is a command. */
const asks = new Set(['{ask}', '{tcp}'])

t.test('a command can be pasted: it is one for the shell, and what it shows is told in a remark', async (t) => {
  for (const { name, rules } of faults) {
    for (const line of rules.flatMap(({ texts }) => texts.confirm)) {
      const { text: command } = commandOf(line)
      const begins = command.split(/; /).map((part) => part.split(' ')[0] ?? '')
      t.same(
        begins.filter((word) => !programs.has(word) && !asks.has(word)),
        [],
        `${name}: ${line}`,
      )
      const { stderr } = spawnSync('bash', ['-n'], { input: command.replaceAll(/\{\w+\}/g, 'X'), encoding: 'utf8' })
      t.equal(stderr, '', `${name}: ${line}`)
      t.notMatch(command, /^[^#'"]* \([a-z]/, `${name}: ${line}`)
    }
  }
})
