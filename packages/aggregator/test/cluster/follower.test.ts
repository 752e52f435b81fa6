import t from 'tap'
import { createFollower } from '../../src/cluster/follower.ts'

t.test('follows one thing at a time', async (t) => {
  const log: string[] = []
  const follower = createFollower<string>((key) => {
    log.push(`start ${key}`)
    return {
      items: new Map([['', key]]),
      isListed: () => true,
      isDenied: () => false,
      trouble: () => null,
      close: () => log.push(`close ${key}`),
    }
  })
  t.equal(follower.current(), null)
  follower.follow(null)
  follower.follow('a')
  follower.follow('a')
  t.equal(follower.current()?.items.get(''), 'a')
  follower.follow('b')
  follower.follow(null)
  t.equal(follower.current(), null)
  follower.follow('c')
  follower.close()
  t.strictSame(log, ['start a', 'close a', 'start b', 'close b', 'start c', 'close c'])
})
