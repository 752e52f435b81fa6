import fc from 'fast-check'
import t from 'tap'
import { chooseByAccept } from '../../src/http/accept.ts'

const offered = ['text/html', 'application/json', 'text/plain'] as const
const choose = (accept?: string) => chooseByAccept(accept, [...offered])

t.test('who asks how gets what', async (t) => {
  const cases = [
    [undefined, 'text/html'],
    ['*/*', 'text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['application/json', 'application/json'],
    ['Application/JSON; q=1', 'application/json'],
    ['text/plain', 'text/plain'],
    ['text/*;q=0.5, application/json', 'application/json'],
    ['text/html;q=0, */*', 'application/json'],
    ['text/html;q=0.2, text/plain;q=0.9', 'text/plain'],
    ['image/png', 'text/html'],
    ['text/plain;q=nonsense', 'text/html'],
    ['', 'text/html'],
  ] as const
  for (const [accept, expected] of cases) t.equal(choose(accept), expected, String(accept))
})

t.test('any header has an answer', async () => {
  fc.assert(fc.property(fc.string({ maxLength: 5000 }), (accept) => offered.includes(choose(accept))))
})
