// Preloaded into the process of a fault's tests: changes one condition of one of its rules.
import { cellKey } from '../../packages/diagnosis/src/cell.ts'
import { faults } from '../../packages/diagnosis/src/faults/registry.ts'
import type { Match, Rule } from '../../packages/diagnosis/src/rule.ts'
import { MUTANT, type Mutant } from './mutant.ts'

const { fault: name, rule: place, condition, change }: Mutant = JSON.parse(process.env[MUTANT] ?? '')
const rule = faults.find((fault) => fault.name === name)?.rules[place]
if (rule === undefined || !rule.conditions.includes(condition))
  throw new RangeError(`rule ${place} of ${name} has no condition "${condition}"`)
if (change === 'opposite') negate(rule)
else ignore(rule)

function negate(rule: Rule): void {
  const { match } = rule
  rule.match = (sight, where) => match(sight, where, condition)
}

/** What holds with the condition, or with its opposite. */
function ignore(rule: Rule): void {
  const { match } = rule
  rule.match = (sight, where) => {
    const held = match(sight, where)
    const keys = new Set(held.map(keyOf))
    return [...held, ...match(sight, where, condition).filter((one) => !keys.has(keyOf(one)))]
  }
}

function keyOf({ sameness, one }: Match): string {
  return JSON.stringify([sameness, one.since, one.evidence.map(cellKey)])
}
