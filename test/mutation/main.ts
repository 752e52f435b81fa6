// `npm run mutation [-- FAULT…]`: are the faults tested? Each condition of each signature is taken for its opposite, and is ignored, in
// turn, and the tests of that fault must notice. Prints what no test notices.
import { availableParallelism } from 'node:os'
import { faults } from '../../packages/diagnosis/src/faults/registry.ts'
import { changes, type Mutant, mutantsOf } from './mutant.ts'
import { runTests } from './run-tests.ts'

/** Share of the mutants of each kind that must be noticed. */
const WANTED = 0.9

const wanted = process.argv.slice(2)
const chosen = faults.filter(({ name, rules }) => rules.length > 0 && (wanted.length === 0 || wanted.includes(name)))
const broken = new Set<string>()
await inParallel(chosen, async ({ name }) => {
  if ((await runTests(name, null)) === 'failed') broken.add(name)
})
const survivors: Mutant[] = []
const mutants = mutantsOf(chosen.filter(({ name }) => !broken.has(name)))
await inParallel(mutants, async (mutant) => {
  const isNoticed = (await runTests(mutant.fault, mutant)) === 'failed'
  if (!isNoticed) survivors.push(mutant)
  process.stderr.write(isNoticed ? '.' : 's')
})
process.exitCode = report()

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

function report(): number {
  for (const name of [...broken].sort()) process.stdout.write(`${name}: its tests fail as it is\n`)
  const rows = survivors
    .map(({ fault, rule, condition, change }) => `| ${fault} | ${rule + 1} | ${condition} | ${change} |\n`)
    .sort()
  if (rows.length > 0)
    process.stdout.write(`\n| fault | rule | condition | no test notices it |\n|---|---|---|---|\n${rows.join('')}`)
  const shares = changes.map(share)
  return broken.size === 0 && shares.every((noticed) => noticed >= WANTED) ? 0 : 1
}

/** Prints and returns the share of the mutants of one kind that are noticed. */
function share(change: Mutant['change']): number {
  const [all, survived] = [mutants, survivors].map((some) => some.filter((one) => one.change === change).length)
  const noticed = (all ?? 0) - (survived ?? 0)
  const ratio = all ? noticed / all : 0
  process.stdout.write(`\n${change}: ${noticed} of ${all} mutants noticed, ${(ratio * 100).toFixed(1)} %\n`)
  return ratio
}
