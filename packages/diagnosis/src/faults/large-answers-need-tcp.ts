import { type Cell, cellOf } from '../cell.ts'
import { ok } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import { sortedAgents } from '../ledger.ts'
import { type Case, fleetRule } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { truth } from '../truth.ts'
import { probeState } from '../window.ts'
import { countWords } from '../words.ts'

type LargeName = Case & {
  name: string
  /** Without EDNS over UDP, and over TCP, from the first nodes. */
  plain: Cell[]
  tcp: Cell[]
  isOurs: boolean
}

/** So many agents tell as much as all of them. */
const MOST_AGENTS = 20

/** The names of which large answers are asked without EDNS. */
function largeNames({ fleet }: View): LargeName[] {
  const agents = sortedAgents(fleet.ledger, fleet.agents).filter(({ plan }) =>
    plan.probes.some(({ question }) => question === 'large'),
  )
  const cells = agents
    .slice(0, MOST_AGENTS)
    .flatMap((agent) => agent.plan.probes.map((_, probe) => cellOf(agent, probe)))
    .filter(({ planned }) => planned.question === 'large')
  const plain = cells.filter(({ planned }) => planned.edns === undefined && planned.transport === 'udp')
  return [...Map.groupBy(plain, ({ planned }) => planned.name ?? '')].map(([name, ofName]) => ({
    since: ofName.reduce((first, { agent }) => Math.min(first, agent.firstSeen), Infinity),
    evidence: ofName.slice(0, 1),
    name,
    plain: ofName,
    tcp: cells.filter(({ planned }) => planned.name === name && planned.transport === 'tcp'),
    isOurs: ofName.some((cell) => isOurs(cell, name)),
  }))
}

/** Made to be large, in oddnode's own namespace: nobody else resolves it. */
function isOurs({ agent }: Cell, name: string): boolean {
  const { namespace, clusterDomain } = agent.plan.names
  return namespace !== null && clusterDomain !== null && name.endsWith(`.${namespace}.svc.${clusterDomain}`)
}

const isCut = ({ agent, probe }: Cell): boolean => probeState(agent.windows, probe).outcome === 'truncated'

/** D-15. */
export const largeAnswersNeedTcp: Fault = {
  name: 'large-answers-need-tcp',
  tier: 2,
  about:
    'Names have answers that do not fit into 512 octets. That is no fault of the cluster: resolvers that neither speak EDNS nor turn to TCP cannot resolve them (musl before 1.2.4, as in Alpine 3.17 and older).',
  cause:
    'Many records under one name, as a headless Service with many pods has: the answer does not fit into the 512 octets of plain DNS and is cut, as it must be.',
  remedy: 'Use newer images, or have fewer records under one name.',
  references: ['https://github.com/alpinelinux/docker-alpine/issues/326'],
  notTakenFor: { 'truncation-missing': 'there the server does not say that it cut the answer' },
  rules: [
    fleetRule<LargeName>({
      cases: largeNames,
      signature: {
        'the name is not one that oddnode made': ({ isOurs }) => truth(!isOurs),
        'without EDNS its answer is cut, and says so, on every node': ({ plain }) => truth(plain.every(isCut)),
        'over TCP it is whole': ({ tcp }) => ok(tcp),
      },
      scope: () => clusterScope(),
      severity: 'info',
      title: '{n} {have} answers above 512 octets',
      story:
        '{n} {have} answers above 512 octets: resolvers that never turn to TCP (musl before 1.2.4, Alpine 3.17 and older) cannot resolve {them}.',
      confirm: ["in a pod on {node}: dig +noedns +ignore @{dnsServer} {name}. | grep -E 'flags:|SIZE'"],
      values: ({ cases }) => {
        const [{ name, plain }] = cases
        return {
          n: countWords(cases.length, 'name'),
          have: cases.length === 1 ? 'has' : 'have',
          them: cases.length === 1 ? 'it' : 'them',
          name,
          node: plain[0]?.node ?? 'NODE',
          dnsServer: dnsServer(plain[0]?.target ?? { address: 'CLUSTER-DNS' }),
        }
      },
    }),
  ],
  covers: [],
}
