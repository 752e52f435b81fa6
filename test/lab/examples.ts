// `npm run examples`: lets the three stories that oddnode was made for happen, and keeps in docs/examples/ what a person downloads of each
// finding: the incident as one page that needs nothing else, and as JSON.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { allScenarios } from './all-scenarios.ts'
import { bootCluster, closeAllClusters } from './cluster/cluster.ts'
import { intervalSeconds } from './cluster/quick.ts'
import { readPage } from './cluster/read-report.ts'
import { openFindings } from './open-findings.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { untilTold } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

/** By the fault, and a part of how it is made to happen. */
const stories = [
  ['pods-cannot-reach-node-local-dns', 'two of five nodes'],
  ['node-clock-wrong', '94 s back'],
  ['dns-forwards-to-itself', 'was started anew'],
] as const
/** So many rounds a finding is left to gather its evidence. */
const ROUNDS = 8

const why = whyNoLab()
if (why !== null) {
  process.stderr.write(`The examples cannot be made here: ${why}\n`)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void closeAllClusters().finally(() => process.exit(1)))

process.stdout.write(await sweep())
const folder = resolve('docs/examples')
mkdirSync(folder, { recursive: true })
const all = await allScenarios()
for (const [fault, part] of stories) {
  const scenario = all.find(({ fault: name, how }) => name === fault && how.includes(part))
  if (scenario === undefined) throw new Error(`no scenario of ${fault} in which ${part}`)
  await keepIncident(scenario)
}

async function keepIncident(scenario: Scenario): Promise<void> {
  const lab = await bootCluster(scenario.cluster)
  try {
    await untilWell(lab)
    await scenario.break(lab)
    await untilTold(lab, scenario.fault)
    await wait(ROUNDS * intervalSeconds * 1000)
    const finding = openFindings(await lab.report()).find(({ fault }) => fault === scenario.fault)
    if (finding === undefined) throw new Error(`${scenario.fault} is not told any more`)
    for (const form of ['html', 'json']) {
      const page = await readPage(lab.socket, `/report/findings/${finding.id}/incident.${form}`)
      writeFileSync(join(folder, `${scenario.fault}.${form}`), page)
    }
    process.stdout.write(`docs/examples/${scenario.fault}: ${finding.story}\n`)
  } finally {
    await lab.close()
  }
}
