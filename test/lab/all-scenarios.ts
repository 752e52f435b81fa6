import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './scenario.ts'

const directory = join(import.meta.dirname, 'scenarios')

/** The scenarios of every file of `scenarios/`, in the order of their faults' names. */
export async function allScenarios(): Promise<Scenario[]> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(
    files.sort().map((file): Promise<{ scenarios: Scenario[] }> => import(join(directory, file))),
  )
  return modules.flatMap(({ scenarios }) => scenarios)
}
