// The lab in the ordinary tests: the stories that oddnode was made for, from real packets to a sentence. `npm run lab` is all of them.
import t from 'tap'
import { allScenarios } from './all-scenarios.ts'
import { runScenario } from './run-scenario.ts'
import { whyNoLab } from './why-not.ts'

const STORIES = ['pods-cannot-reach-node-local-dns', 'node-clock-wrong', 'coredns-endpoint-failing']

const all = await allScenarios()

t.test('each scenario says what it expects in a way that can be told from others', async (t) => {
  const names = all.map(({ fault, how }) => `${fault}: ${how}`)
  t.equal(new Set(names).size, names.length)
  for (const { expect } of all) t.equal(expect.kind === 'node' || expect.kind === 'group', expect.nodes !== undefined)
})

for (const fault of STORIES) {
  const scenario = all.find((one) => one.fault === fault)
  const why = whyNoLab() ?? scenario?.whyNot?.() ?? null
  t.test(`${fault}: named, alone, and over when it is healed`, { skip: why ?? false, timeout: 180_000 }, async (t) => {
    if (!scenario) throw new Error(`no scenario of ${fault}`)
    const { passed, trouble } = await runScenario(scenario)
    t.ok(passed, trouble)
  })
}
