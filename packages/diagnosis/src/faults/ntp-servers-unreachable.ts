import type { Vantage } from '@oddnode/protocol'
import { isNtpSilence } from '../clock-memory.ts'
import { isFresh } from '../clock-offsets.ts'
import type { Fault } from '../fault.ts'
import { agentKey, type ClockReading, type Fleet, type FleetAgent } from '../fleet.ts'
import { type Case, type NodeRule, nodeRule, type Told } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import type { Sight } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'
import { agentComponent, listWords } from '../words.ts'

type Unreached = Case & {
  agent: FleetAgent
  /** The last readings of all servers of the plan that have a fresh one. */
  readings: ClockReading[]
}

/** An agent none of whose servers said a word the last time. */
function unreached({ fleet, agents, at }: Sight, vantage: Vantage): Unreached[] {
  const agent = agents[vantage]
  if (agent === null || !agent.clockMemory.hasNtpTrouble) return []
  const readings = ntpReadings(fleet, agent, at)
  if (!readings.some(({ sample }) => isNtpSilence(sample.outcome))) return []
  // Since the last of them fell silent.
  const since = readings.reduce((last, reading) => Math.max(last, silentSince(reading)), -Infinity)
  return [{ since, evidence: [], agent, readings }]
}

/** The last fresh reading of each server that the plan names. */
const ntpReadings = (fleet: Fleet, agent: FleetAgent, at: number): ClockReading[] =>
  agent.clocks.filter(
    (reading) =>
      reading.sample.reference.kind === 'ntp' &&
      agent.plan.ntp.some(({ address }) => address === reading.sample.reference.address) &&
      isFresh(fleet, agent.plan, reading, at),
  )

/** Each try is four packets: after two without a word it is no accident. */
const FEWEST_TRIES = 2

function silentSince({ tries = [], takenAt }: ClockReading): number {
  const lastWord = tries.findLastIndex(({ outcome }) => !isNtpSilence(outcome))
  return tries[lastWord + 1]?.takenAt ?? takenAt
}

/** None of the servers gave a word in two tries. */
function isSilent({ agent, readings }: Unreached): Truth {
  if (readings.length < agent.plan.ntp.length) return 'wait'
  const tries = readings.map(({ tries = [] }) => tries.slice(-FEWEST_TRIES))
  if (tries.some((few) => few.some(({ outcome }) => !isNtpSilence(outcome)))) return 'no'
  return tries.every((few) => few.length >= FEWEST_TRIES) ? 'yes' : 'wait'
}

/** The host of the same node gets an answer; `no-data` where it does not ask. */
function hostIsAnswered({ fleet, agents: { host }, at }: Sight): Truth {
  if (host === null || host.plan.ntp.length === 0) return 'no-data'
  const readings = ntpReadings(fleet, host, at)
  if (readings.length === 0) return 'wait'
  return truth(readings.some(({ sample }) => !isNtpSilence(sample.outcome)))
}

/** Time is kept by the host. */
const CAUSE_FROM_PODS =
  'A network policy, or a filter that lets only nodes out, keeps pods from UDP port 123: often by design, since it is the host that keeps the time.'

function ruleFrom(vantage: Vantage): NodeRule {
  const isPod = vantage === 'pod'
  const subject = isPod ? { role: null, address: null, pod: agentComponent('pod'), node: null } : null
  return nodeRule<Unreached>({
    cases: (sight) => unreached(sight, vantage),
    signature: {
      [`${vantage}: none of the NTP servers answers, asked twice`]: isSilent,
      ...(isPod ? { 'the host is answered': (_: Unreached, sight: Sight) => hostIsAnswered(sight) } : {}),
    },
    scope: (_, nodes, { fleet }) => scopeOfNodes(fleet, nodes, subject),
    severity: isPod ? 'info' : 'warning',
    title: isPod ? 'Pods on {nodes} reach none of the NTP servers' : '{Nodes} {reach} none of {its} NTP servers',
    story: isPod
      ? 'Pods on {nodes} reach none of the NTP servers ({servers}); the {host} {do}.'
      : '{Nodes} {reach} none of {its} NTP servers ({servers}); {others}.',
    ...(isPod ? { cause: CAUSE_FROM_PODS } : {}),
    confirm: [`${isPod ? 'in a pod ' : ''}on {node}: chronyd -Q -t 3 'server {server} iburst'`],
    values: (told) => valuesOf(told),
  })
}

function valuesOf({ cases, nodes, scope, fleet, at }: Told<Unreached>): Record<string, string> {
  const servers = [...new Set(cases.flatMap(({ agent }) => agent.plan.ntp.map(({ address }) => address)))].sort()
  const isOne = nodes.length === 1
  const everywhere = scope.kind === 'cluster'
  return {
    Nodes: everywhere ? 'Every node' : listWords(nodes),
    reach: isOne || everywhere ? 'reaches' : 'reach',
    its: isOne || everywhere ? 'its' : 'their',
    servers: listWords(servers),
    server: servers[0] ?? 'SERVER',
    others: isAnyoneAnswered(fleet, at) ? 'others do' : 'nobody does',
    host: isOne ? 'host' : 'hosts',
    do: isOne ? 'does' : 'do',
  }
}

const isAnyoneAnswered = (fleet: Fleet, at: number): boolean =>
  [...fleet.agents.values()].some((agent) =>
    ntpReadings(fleet, agent, at).some(({ sample }) => !isNtpSilence(sample.outcome)),
  )

/** T-04. */
export const ntpServersUnreachable: Fault = {
  name: 'ntp-servers-unreachable',
  tier: 1,
  about:
    'A node gets no answer from any of its NTP servers, so that in time its clock will be off. From pods alone it is often meant so.',
  cause:
    'UDP port 123 is closed on the way (firewall, security group), or nothing serves NTP there any more. Where other nodes are answered it is the way of these, where nobody is it is the servers; where the host has no DNS, servers that are given by name are lost with it.',
  remedy:
    'Open UDP port 123 to the servers, or use the clock of the platform. Where nobody reaches them: repair the servers.',
  references: ['https://github.com/etcd-io/etcd/issues/9768'],
  notTakenFor: {
    'ntp-server-unsynchronised': 'there the server answers',
    'ntp-server-sends-kiss-of-death': 'there the server answers, and asks to be left alone',
  },
  rules: [ruleFrom('host'), ruleFrom('pod')],
  isOver: ({ scope }, { fleet, at }) => {
    const vantage = scope.subject?.pod === agentComponent('pod') ? 'pod' : 'host'
    const names =
      scope.kind === 'cluster' ? [...fleet.nodes.keys()] : scope.nodes.filter((name) => fleet.nodes.has(name))
    const agents = names.map((name) => fleet.agents.get(agentKey(name, vantage)))
    const isWell = (agent: FleetAgent | undefined) => agent !== undefined && isWord(fleet, agent, at)
    return scope.kind === 'cluster' ? agents.some(isWell) : agents.every(isWell)
  },
  covers: [],
}

/** A server said something, or none is asked any more. */
const isWord = (fleet: Fleet, agent: FleetAgent, at: number): boolean =>
  agent.plan.ntp.length === 0 || ntpReadings(fleet, agent, at).some(({ sample }) => !isNtpSilence(sample.outcome))
