import { applyRound, applyTick, createFleet, defaultThresholds, startRecording } from '@oddnode/diagnosis'
import { makePlan, observationOf, type RecordedLine } from '@oddnode/protocol'

const START = 1_800_000_000
const plan = makePlan({
  vantage: 'pod',
  targets: [{ role: 'upstream', address: '192.0.2.53', port: 53, learnedFrom: 'configuration' }],
  names: { clusterDomain: null, namespace: null, external: 'www.example.com', canary: null },
  intervalSeconds: 15,
  deadlineSeconds: 2,
  closeSeconds: 6,
  suspicionSeconds: 5,
  ntp: [],
  aggregators: [],
})

/** The recording of two nodes, of which one falls silent after four rounds or not, as an aggregator writes it. */
export function recordingOf({ rounds = 12, fallsSilent = true } = {}): string {
  const lines: string[] = []
  const fleet = createFleet(START, defaultThresholds)
  const write = (line: RecordedLine) => void lines.push(JSON.stringify(line))
  const recording = startRecording(write, { at: START, thresholds: defaultThresholds, isCut: false })
  for (let round = 1; round <= rounds; round++) {
    const at = START + 15 * round
    for (const node of fallsSilent && round > 4 ? ['node-1'] : ['node-1', 'node-2']) {
      const input = {
        node,
        vantage: 'pod' as const,
        boot: '0123456789abcdef',
        counter: round,
        receivedAt: at,
        round: { version: '0.1.0', kind: 'regular' as const, ageSeconds: 0, droppedRounds: 0 },
        samples: [{ probe: 0, ageSeconds: 0, observation: observationOf('answered', { rcode: 0, seconds: 0.001 }) }],
        plan,
      }
      recording.round(input)
      applyRound(fleet, input)
    }
    recording.tick(at + 1)
    recording.findings(applyTick(fleet, at + 1).findings)
  }
  return `${lines.join('\n')}\n`
}
