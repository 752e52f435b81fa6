import type { Incident } from '@oddnode/protocol'
import { timelineEntry } from '../../src/report/model/incident.ts'
import { AT, findingOf, sampleReport } from './sample-report.ts'

/** An open finding with its nodes, and another one that was open meanwhile. */
export const incidentOf = (changes: Partial<Incident> = {}): Incident => ({
  schema: 'oddnode.incident/1',
  at: AT,
  cluster: 'prod-eu',
  version: '0.1.0',
  notices: [],
  verdict: sampleReport().verdict,
  permalink: null,
  finding: findingOf(),
  coveredBy: null,
  meanwhile: [
    timelineEntry(findingOf({ id: 'cccccccccccccccc', title: 'another', ended: '2026-11-21T09:25:00.000Z' })),
  ],
  nodes: sampleReport().nodes,
  clocks: null,
  nodesUnknown: null,
  ...changes,
})
