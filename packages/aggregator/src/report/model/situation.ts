import type { Notice } from '@oddnode/protocol'
import { countText, spanText, timeText } from '../format.ts'
import type { Moment, ReportHead } from './moment.ts'

/** What notices are made of. */
export type Situation = Pick<Moment, 'heard' | 'past'> & {
  head: Omit<ReportHead, 'notices'>
  /** Oddnode's own namespace; null where it is not known. */
  namespace: string | null
}

/** Rounds that may pass before data counts as old. */
const FRESH_ROUNDS = 2
/** An aggregator that began this lately has not heard all agents yet: each pushes once a round. */
const YOUNG_ROUNDS = 4

/** What is the matter with the data itself, the gravest first. [] while it is whole and fresh. */
export function noticesOf(situation: Situation): Notice[] {
  const { head, past } = situation
  const found = [
    storeBroken(head.storage),
    past ? null : (noAgents(situation) ?? justRestarted(situation) ?? firstMinute(situation) ?? nothingNew(situation)),
  ]
  return found.filter((notice) => notice !== null)
}

function storeBroken(storage: string | null): Notice | null {
  if (storage === null) return null
  return { title: 'Not remembered', text: `${storage} What follows is true; a restart would forget it.`, commands: [] }
}

const SEE_AGENTS = 'kubectl get pods --all-namespaces --selector app.kubernetes.io/name=oddnode --output wide'
/** Where the documentation installs oddnode. */
const USUAL_NAMESPACE = 'oddnode'
const seeLogs = (namespace: string) =>
  `kubectl logs --namespace ${namespace} --selector 'app.kubernetes.io/component in (agent-host,agent-pod)' --prefix --tail 20`

function noAgents({ head, heard, namespace }: Situation): Notice | null {
  const { agents } = head.verdict
  if (agents.reporting > 0 || heard.latestAt !== null) return null
  const expected =
    agents.expected === 0 ? 'No agent is known' : `${countText(agents.expected, 'agent')} expected, none heard`
  return {
    title: isYoung(head.at, heard) ? 'Just started' : 'No agent reports',
    text: `${expected}. An agent pushes its first round within a minute of its start. If none comes: are the agents running, and do their logs say that the aggregator refuses them?`,
    commands: [SEE_AGENTS, seeLogs(namespace ?? USUAL_NAMESPACE)],
  }
}

function firstMinute({ head, heard }: Situation): Notice | null {
  const { probes, agents } = head.verdict
  if (agents.reporting === 0 || probes.ok + probes.degraded + probes.failing > 0) return null
  const reporting = `${agents.reporting} of ${countText(agents.expected, 'agent')} report`
  if (!isYoung(head.at, heard) && !isYoung(head.at, { ...heard, startedAt: heard.firstAt ?? head.at })) {
    return {
      title: 'Nothing settled',
      text: `${reporting}, and what they are answered tells nothing, as by a server that has no way to the Internet. A name that must exist would: set names.external (oddnode start --external NAME).`,
      commands: [],
    }
  }
  return {
    title: 'First minute',
    text: `${reporting}. A probe is judged after a few samples, one each ${heard.roundSeconds} s: nothing is called well before.`,
    commands: [],
  }
}

/** What was remembered is older than the restart, which is no fault of the agents. */
function justRestarted({ head, heard }: Situation): Notice | null {
  const { latestAt, startedAt, roundSeconds } = heard
  if (latestAt === null || latestAt >= startedAt || !isYoung(head.at, heard)) return null
  return {
    title: 'Just restarted',
    text: `This aggregator started at ${timeText(startedAt)}; no agent has pushed to it yet. Each does within a round of ${roundSeconds} s: wait for that. What follows is from ${timeText(latestAt)}.`,
    commands: [],
  }
}

function nothingNew({ head, heard }: Situation): Notice | null {
  const { at, verdict } = head
  if (heard.latestAt === null) return null
  const old = (Date.parse(at) - Date.parse(heard.latestAt)) / 1000 > FRESH_ROUNDS * heard.roundSeconds
  if (old) {
    return {
      title: 'Not fresh',
      text: `The last round of any agent came at ${timeText(heard.latestAt)}, ${spanText(heard.latestAt, at)} ago: more than two rounds. What follows is from before.`,
      commands: [SEE_AGENTS],
    }
  }
  const missing = verdict.agents.expected - verdict.agents.reporting
  if (missing === 0 || !isYoung(at, heard)) return null
  return {
    title: 'Just started',
    text: `This aggregator started at ${timeText(heard.startedAt)}. ${countText(missing, 'agent')} did not push to it yet; each does within a round of ${heard.roundSeconds} s.`,
    commands: [],
  }
}

const isYoung = (at: string, { startedAt, roundSeconds }: Pick<Moment['heard'], 'startedAt' | 'roundSeconds'>) =>
  Date.parse(at) - Date.parse(startedAt) < YOUNG_ROUNDS * roundSeconds * 1000
