import type { Incident } from '@oddnode/protocol'
import type { Recorder } from '../../store/recorder.ts'
import { incidentOf } from './incident.ts'
import { besideOf, type Moment } from './moment.ts'
import type { NoMoment } from './no-moment.ts'
import { createPastReader, type PastOptions } from './past-reader.ts'
import { createPresent, type PresentOptions } from './present.ts'
import { findingView } from './view.ts'

export type ReporterOptions = Omit<PastOptions, 'thresholds' | 'recorder'> &
  Omit<PresentOptions, 'recorder'> & {
    recorder: PastOptions['recorder'] & PresentOptions['recorder'] & Pick<Recorder, 'finding'>
    /** The setting of that name. */
    externalUrl: string
  }

/** The report at the moments that readers ask for. */
export type Reporter = {
  /** The present, as of the last evaluation: the same object until there is another one. */
  now: () => Promise<Moment>
  /** A moment of the past, as it was told then. @param at seconds on the aggregator's clock */
  at: (at: number) => Promise<Moment | NoMoment>
  /** A finding that is open or remembered, with what is known around it; null for one that is neither. */
  incident: (id: string) => Promise<Incident | null>
}

export function createReporter(options: ReporterOptions): Reporter {
  const { recorder, evaluation, externalUrl } = options
  const { fleet } = evaluation
  const present = createPresent(options)
  const past = createPastReader({ ...options, thresholds: fleet.thresholds })
  return {
    now: present.moment,
    at: past.moment,
    incident: async (id) => {
      const finding = fleet.findings.get(id) ?? recorder.finding(id)
      if (finding === null) return null
      const moment = await present.moment()
      const others = new Map([...present.ended(), ...fleet.findings.values()].map((other) => [other.id, other]))
      const seen = finding.ended === null ? besideOf(moment) : past.nodes(Date.parse(finding.lastSeen) / 1000)
      return incidentOf(moment.head, {
        finding: findingView(finding, fleet),
        others: [...others.values()],
        covered: finding.covers,
        externalUrl,
        seenAt: 'why' in seen ? 'How the nodes stood then is not remembered.' : seen,
      })
    },
  }
}
