import t from 'tap'
import { shown } from '../src/shown.ts'

t.equal(shown('a\nb'), '"a\\nb"', 'on one line')
t.equal(shown(5), '5')
t.equal(shown(undefined), 'undefined')
t.equal(shown('x'.repeat(200)).length, 80, 'bounded')
