import { createHash } from 'node:crypto'
import { chart } from './style/chart.ts'
import { finding } from './style/finding.ts'
import { layout } from './style/layout.ts'
import { narrow } from './style/narrow.ts'
import { print } from './style/print.ts'
import { table } from './style/table.ts'
import { tokens } from './style/tokens.ts'
import { verdict } from './style/verdict.ts'

/** The style sheet of the report. A string, so that what `tsc` builds is all that ships. */
export const style = [tokens, layout, verdict, finding, table, chart, narrow, print].join('\n')

/** The style sheet's name: it changes with its content, so that a browser may keep it for ever. */
export const styleName = `style-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`
