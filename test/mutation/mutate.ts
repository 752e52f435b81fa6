// Preloaded into the process of a fault's tests: changes one condition of one of its rules.
import { faults } from '../../packages/diagnosis/src/faults/registry.ts'
import type { Rule, Taken } from '../../packages/diagnosis/src/rule.ts'
import { not } from '../../packages/diagnosis/src/truth.ts'
import { MUTANT, type Mutant } from './mutant.ts'

const { fault: name, rule: place, condition, change }: Mutant = JSON.parse(process.env[MUTANT] ?? '')
const rule: Rule | undefined = faults.find((fault) => fault.name === name)?.rules[place]
if (rule === undefined || !rule.conditions.includes(condition))
  throw new RangeError(`rule ${place} of ${name} has no condition "${condition}"`)
const taken: Taken = (says, known) => (says !== condition ? known : change === 'opposite' ? not(known) : 'yes')
const { match } = rule
rule.match = (sight, where, _, undecided) => match(sight, where, taken, undecided)
