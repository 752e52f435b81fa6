import t from 'tap'
import { WrongOption } from '../src/start-error.ts'

t.test('settings are named by the options that set them', async (t) => {
  const { message } = new WrongOption([
    'targets.ntp has "time.example": allowed is an address or address:port, and no name',
    'names.external is "x…" (flag --names.external), allowed is text of at most 253 characters',
    'something else',
  ])
  t.strictSame(message.split('\n'), [
    '--ntp has "time.example": allowed is an address or address:port, and no name',
    '--external is "x…", allowed is text of at most 253 characters',
    'something else',
  ])
})
