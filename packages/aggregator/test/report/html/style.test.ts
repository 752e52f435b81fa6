import t from 'tap'
import { style, styleName } from '../../../src/report/html/style.ts'

t.match(styleName, /^style-[0-9a-f]{12}\.css$/)
t.notMatch(style, /url\(|@import|expression/, 'asks no other host')
for (const feature of ['prefers-color-scheme: dark', '@media print', 'max-width: 44rem']) t.match(style, feature)
t.match(style, 'table.matrix td.ok { white-space: nowrap;', 'a value is not broken in its middle')
