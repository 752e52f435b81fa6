import { failingSince, wrong } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { resolvConfOf } from '../resolv-conf.ts'
import { type Case, nodeRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import type { Sight } from '../sight.ts'
import { externalName, failingOf, wrongAnswerWords } from '../wrong-answers.ts'

type Wildcard = Case & { domain: string }

const NOERROR = 0

/** Each search domain under which the label that nobody has is answered. One agent of a group asks for all. */
function wildcards(sight: Sight): Wildcard[] {
  const byName = Map.groupBy(failingOf(sight, 'wildcard'), ({ planned }) => planned.name ?? '')
  return [...byName].map(([name, evidence]) => ({
    since: failingSince(evidence),
    evidence,
    domain: name.slice(name.indexOf('.') + 1),
  }))
}

/** Nodes whose pods search it; the one that asked, where they do not say. */
function searching(fleet: Fleet, domain: string, asking: readonly string[]): string[] {
  const pods = [...fleet.agents.values()].filter(({ vantage }) => vantage === 'pod')
  const nodes = pods.filter((agent) => resolvConfOf(agent)?.search.includes(domain)).map(({ node }) => node)
  return nodes.length > 0 ? nodes.sort() : [...asking]
}

/** D-18b. */
export const searchDomainHasWildcard: Fault = {
  name: 'search-domain-has-wildcard',
  tier: 2,
  about:
    'A domain in the search list of pods answers for every name: pods that ask for a name outside the cluster get an address of that domain, because the search list comes first.',
  cause:
    'The zone {domain} has a record for every name (*), and the search list of the node, which kubelet hands on to pods, names it.',
  remedy: 'Take {domain} out of the search list, or the wildcard out of its zone.',
  references: [
    'https://github.com/openshift/origin/issues/16992',
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  ],
  notTakenFor: { 'external-answers-wrong': 'there names outside of the search list are answered wrongly' },
  rules: [
    nodeRule<Wildcard>({
      cases: wildcards,
      signature: {
        'a label that nobody has exists under a search domain': ({ evidence }) => wrong(evidence, NOERROR),
      },
      sameness: ({ domain }) => domain,
      scope: ([{ domain }], nodes, { fleet }) => scopeOfNodes(fleet, searching(fleet, domain, nodes)),
      severity: 'warning',
      title: 'Search domain {domain} answers every name',
      story: 'Search domain {domain} answers every name: pods that ask for {external} get {address}.',
      confirm: ['in a pod on {node}: dig +short oddnode-wildcard-check.{domain}.'],
      values: ({ cases }) => {
        const evidence = cases.flatMap((one) => one.evidence)
        return {
          domain: cases[0].domain,
          external: externalName(evidence),
          address: wrongAnswerWords(evidence),
        }
      },
    }),
  ],
  covers: [],
}
