import t from 'tap'
import { version } from '../src/version.ts'

t.test('is semver', async (t) => {
  t.match(version, /^\d+\.\d+\.\d+/)
})
