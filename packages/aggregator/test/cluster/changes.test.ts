import t from 'tap'
import { createChangeTime } from '../../src/cluster/changes.ts'

t.test('at first sight as somebody else noted it, later as it was seen', async (t) => {
  const changed = createChangeTime()
  t.equal(changed.of(['a'], 100, 40), 40)
  t.equal(changed.of(['a'], 110, 105), 40, 'nothing is different')
  t.equal(changed.of(['a', 'b'], 120, 40), 120)
  t.equal(changed.of(['a', 'b'], 130, null), 120)
})

t.test('nobody noted it, or noted a time that is still to come', async (t) => {
  t.equal(createChangeTime().of(['a'], 100, null), null)
  t.equal(createChangeTime().of(['a'], 100, 200), 100)
})
