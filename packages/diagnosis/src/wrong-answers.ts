import type { Question } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { stateOf } from './cell-truth.ts'
import { allCells, type Sight } from './sight.ts'
import { listWords } from './words.ts'

/** What fails of a question on a node, whoever is asked. */
export const failingOf = (sight: Sight, question: Question): Cell[] =>
  (['host', 'pod'] as const).flatMap((vantage) =>
    allCells(sight, vantage).filter(
      (cell) => cell.planned.question === question && !cell.planned.onlyAfterTruncation && stateOf(cell) === 'failing',
    ),
  )

/** The addresses that came where there should be none; `an address` where none was kept. */
export function wrongAnswerWords(cells: readonly Cell[]): string {
  const answers = cells.flatMap(({ agent, probe }) => agent.windows.wrongAnswers.get(probe) ?? [])
  return listWords([...new Set(answers)].sort(), 3) || 'an address'
}

/** The name outside the cluster that the operator chose. */
export const externalName = ([cell]: readonly Cell[]): string => cell?.agent.plan.names.external ?? 'a name outside'
