import type { Cell } from '../cell.ts'
import { dead, failingSince } from '../cell-truth.ts'
import { conntrackShare, growthOf } from '../counter-growth.ts'
import type { Fault } from '../fault.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, factsOf, type Sight } from '../sight.ts'
import { any, type Truth, truth } from '../truth.ts'
import { listWords } from '../words.ts'

type Full = Case & { entries: number; max: number; failing: Cell[] }

const NEARLY_FULL = 0.9
const FULL = 0.95
const TEN_MINUTES = 600

function tables(sight: Sight): Full[] {
  const table = factsOf(sight, 'host')?.conntrack
  if (table === undefined || table.entries === null || table.max === null || conntrackShare(table) < NEARLY_FULL)
    return []
  const udp = (['host', 'pod'] as const)
    .flatMap((vantage) => allCells(sight, vantage))
    .filter(
      ({ planned }) => planned.transport === 'udp' && planned.everySeconds === 0 && planned.sourcePort === 'fresh',
    )
  const failing = udp.filter((cell) => dead([cell]) === 'yes' || dead([cell]) === 'wait')
  const since = failing.length === 0 ? sight.at : Math.min(sight.at, failingSince(failing))
  const explains = (['host', 'pod'] as const).flatMap((vantage) => allCells(sight, vantage))
  return [{ since, evidence: failing, explains, entries: table.entries, max: table.max, failing }]
}

function drops({ agents, at }: Sight): Truth {
  const growths = ['conntrack.drop', 'conntrack.early_drop'].flatMap((name) => {
    const history = agents.host?.counters.get(name)
    return history === undefined ? [] : (growthOf(history, at, TEN_MINUTES) ?? [])
  })
  return growths.length === 0 ? 'no-data' : truth(growths.some((growth) => growth > 0))
}

const ofHost = ({ vantage }: Cell) => vantage === 'host'
const isFull = ({ entries, max }: Full) => entries / max >= FULL

const confirm = [
  "on {node}: sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; dmesg | grep 'table full'",
]
/** The numbers of each node, in the order in which they are named. */
const values = ({ cases }: { cases: readonly Full[] }) => ({
  counts: listWords(cases.map(({ entries, max }) => `${entries} of ${max}`)),
  is: cases.length === 1 ? 'is' : 'are',
  table: cases.length === 1 ? 'table' : 'tables',
})

/** D-10. */
export const conntrackTableFull: Fault = {
  name: 'conntrack-table-full',
  tier: 2,
  about:
    'The connection table of a node is full, or nearly: the kernel drops the packets of new connections, DNS queries among them.',
  cause:
    'More connections are open, or remembered, than net.netfilter.nf_conntrack_max has room for: a program that opens very many, or DNS itself, each query of which takes an entry. On a node with CoreDNS pods these are the queries of the whole cluster.',
  remedy:
    'Raise net.netfilter.nf_conntrack_max, keep DNS out of the table (notrack), and find who opens so many connections.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/71261',
    'https://github.com/coredns/coredns/issues/7922',
  ],
  notTakenFor: { 'udp-53-blocked': 'there the table has room', 'dns-packets-lost-on-node': 'there the table has room' },
  rules: [
    nodeRule<Full>({
      cases: tables,
      signature: {
        'the table is full to 95 %': (one) => truth(isFull(one)),
        'fresh UDP queries are denied to the host, or time out in pods': ({ failing }) =>
          any(
            dead(failing.filter(ofHost), ['denied']),
            dead(
              failing.filter((cell) => !ofHost(cell)),
              ['timeout'],
            ),
          ),
      },
      supportedBy: { 'the kernel drops packets because of it': (_, sight) => drops(sight) },
      severity: 'critical',
      title: 'The connection {table} of {nodes} {is} full',
      story: 'The connection {table} of {nodes} {is} full ({counts}): new connections and queries are dropped.',
      confirm,
      values,
    }),
    nodeRule<Full>({
      cases: tables,
      signature: {
        'the table is full to 90 %, and nothing fails yet because of it': ({ failing }) => truth(failing.length === 0),
      },
      sameness: () => 'nearly',
      severity: 'warning',
      title: 'The connection {table} of {nodes} {is} nearly full',
      story:
        'The connection {table} of {nodes} {is} nearly full ({counts}): soon new connections and queries will be dropped.',
      confirm,
      values,
    }),
  ],
  covers: [
    {
      faults: [
        'conntrack-race-drops-paired-queries',
        'dns-packets-lost-on-node',
        'dns-blocked-on-node',
        'udp-53-blocked',
        'edns-queries-fail',
        'network-policy-blocks-dns',
      ],
      on: 'same-nodes',
    },
  ],
}
