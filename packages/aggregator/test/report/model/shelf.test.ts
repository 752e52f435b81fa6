import t from 'tap'
import { createShelf } from '../../../src/report/model/shelf.ts'

t.test('what was used last stays', async (t) => {
  const shelf = createShelf<string, number>(2)
  shelf.put('a', 1)
  shelf.put('b', 2)
  t.equal(shelf.get('a'), 1)
  shelf.put('c', 3)
  t.equal(shelf.get('b'), undefined)
  t.equal(shelf.get('a'), 1)
  t.equal(shelf.get('c'), 3)
  shelf.put('a', 9)
  t.equal(shelf.get('a'), 9)
  t.equal(shelf.get('c'), 3, 'to put it again takes no room')
})
