import t from 'tap'
import type { Result } from './run-scenario.ts'
import { confusionOf, summariesOf, tableOf } from './table.ts'

const resultOf = (fault: string, how: string, rest: Partial<Result> = {}): Result => ({
  scenario: { fault, how, expect: { kind: 'cluster', story: /./ }, break: () => {}, heal: () => {} },
  made: true,
  passed: true,
  openSeconds: 4,
  closeSeconds: 2,
  wrong: [],
  trouble: '',
  ...rest,
})

t.test('each scenario is a row; of several runs the middle one counts', async (t) => {
  const results = [
    resultOf('b', 'it breaks'),
    resultOf('c', 'it does not come to that', { made: false, openSeconds: null }),
    resultOf('a', 'one way'),
    resultOf('a', 'one way', { openSeconds: 9 }),
    resultOf('a', 'one way', { openSeconds: null, closeSeconds: null, passed: false, wrong: ['b'] }),
  ]
  t.equal(
    tableOf(summariesOf(results)),
    `| fault | made to happen by | named right | wrong names | open (s) | close (s) |
| --- | --- | --- | --- | --- | --- |
| \`a\` | one way | 2 of 3 | b (1) | 9.0 | 2.0 |
| \`b\` | it breaks | yes |  | 4.0 | 2.0 |
`,
  )
})

t.test('what was taken for something else, and nothing where nothing was', async (t) => {
  t.equal(confusionOf(summariesOf([resultOf('a', 'one way')])), '')
  const results = [
    resultOf('a', 'one way', { wrong: ['c'] }),
    resultOf('a', 'another', { wrong: ['c', 'd'] }),
    resultOf('b', 'it breaks', { openSeconds: null }),
    resultOf('e', 'it breaks'),
  ]
  t.equal(
    confusionOf(summariesOf(results)),
    `| made ↓, told → | runs | itself | \`c\` | \`d\` |
| --- | --- | --- | --- | --- |
| \`a\` | 2 | 2 | 2 | 1 |
| \`b\` | 1 | 0 |  |  |
`,
  )
})
