import { growthOf } from '../counter-growth.ts'
import type { Fault } from '../fault.ts'
import { directPairsOf, pairsOf } from '../long-window.ts'
import { lossRate, lostQueries } from '../lost-queries.ts'
import { type Case, nodeRule } from '../rule.ts'
import { cellsOf, type Sight } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'
import { ofWords } from '../words.ts'

type OneSided = Case & { asked: number; oneSided: number }

const FEWEST = 3
const HOUR = 3600

function pairs(sight: Sight): OneSided[] {
  const { pod } = sight.agents
  if (pod === null) return []
  const { asked, counted } = pairsOf(pod.windows.long, sight.at)
  if (counted === 0) return []
  const cells = cellsOf(sight, { vantage: 'pod', role: 'cluster-dns', question: 'pair' })
  return [{ since: sight.at, evidence: cells, asked, oneSided: counted }]
}

/** Straight to a CoreDNS pod no entry is fought for: what is lost there as well, at a quarter of the rate or more, follows the pod. */
function isOfTranslation({ asked, oneSided }: OneSided, { agents: { pod }, at }: Sight): Truth {
  const direct = pod === null ? { asked: 0, counted: 0 } : directPairsOf(pod.windows.long, at)
  return direct.asked === 0 ? 'no-data' : truth(4 * direct.counted * asked < oneSided * direct.asked)
}

/** insert_failed counts what conntrack threw away because another packet had taken the entry. */
function insertFailedGrows({ agents, at }: Sight): Truth {
  const history = agents.host?.counters.get('conntrack.insert_failed')
  const growth = history === undefined ? null : growthOf(history, at, HOUR)
  return growth === null ? 'no-data' : truth(growth > 0)
}

/** D-09. */
export const conntrackRaceDropsPairedQueries: Fault = {
  name: 'conntrack-race-drops-paired-queries',
  tier: 2,
  about:
    'Two queries sent together from one socket, as glibc and musl ask for A and AAAA, race for one entry of the connection table, and one of them is dropped: the program waits five seconds for it.',
  cause:
    'Both queries leave one socket at the same moment. Where a ClusterIP is translated they race for one entry of the connection table, and the kernel drops the one that loses (insert_failed); straight to a CoreDNS pod nothing is translated, and pairs stay whole.',
  remedy: 'Use node-local DNS; or single-request-reopen or use-vc in resolv.conf; or a newer kernel.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/56903',
    'https://www.weave.works/blog/racy-conntrack-and-dns-lookup-timeouts',
  ],
  notTakenFor: {
    'conntrack-table-full': 'there the table is full',
    'coredns-endpoint-failing': 'there the loss follows one CoreDNS pod, asked directly, too',
    'dns-packets-lost-on-node': 'there single queries are lost too',
  },
  rules: [
    nodeRule<OneSided>({
      cases: pairs,
      signature: {
        'three pairs in an hour came back with one answer': ({ oneSided }) => truth(oneSided >= FEWEST),
        'no single query is lost': (_, sight) => truth(lossRate(lostQueries(sight, 'pod', 'udp')) < 0.005),
      },
      supportedBy: {
        'pairs straight to a CoreDNS pod are whole': isOfTranslation,
        'conntrack failed to insert entries': (_, sight) => insertFailedGrows(sight),
      },
      severity: 'warning',
      title: 'Paired queries lose one answer on {nodes}',
      story:
        'On {nodes} one of two queries sent together is lost now and then ({share} in an hour): programs that ask for A and AAAA at once wait 5 s.',
      confirm: ["on {node}: conntrack -S | grep -o 'insert_failed=[0-9]*'"],
      values: ({ cases }) => {
        const sum = (read: (one: OneSided) => number) => cases.reduce((total, one) => total + read(one), 0)
        return {
          share: ofWords(
            sum((one) => one.oneSided),
            sum((one) => one.asked),
            'pair',
          ),
        }
      },
    }),
  ],
  looksBack: true,
  covers: [],
}
