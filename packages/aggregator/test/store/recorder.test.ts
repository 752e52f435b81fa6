import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Remembered } from '@oddnode/diagnosis'
import t from 'tap'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { createRecorder, type RecorderOptions } from '../../src/store/recorder.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { type Batch, emptyBatch, type Store } from '../../src/store/store.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { AT, agentRow, finding, findingRow, fullBatch } from './fixtures.ts'

const ended = finding('bbbbbbbbbbbbbbbb', '2026-11-21T09:10:00.000Z')

/** A recorder whose store fails as long as it is told to, and what it did. */
function watched(t: { teardown: (act: () => void) => void }, changes: Partial<RecorderOptions> = {}) {
  const seen = { commits: [] as Batch[], troubles: [] as (string | null)[], restored: [] as Remembered[], opened: 0 }
  const failure: { now: StoreError | null } = { now: null }
  const guard = () => {
    if (failure.now) throw failure.now
  }
  const open = (): Store => {
    guard()
    seen.opened++
    return {
      ...createMemoryStore(),
      load: () => ({ plans: new Map(), agents: [], findings: [finding('aaaaaaaaaaaaaaaa')] }),
      commit: (batch) => {
        guard()
        seen.commits.push(batch)
      },
      endedFindings: () => {
        guard()
        return [ended]
      },
    }
  }
  return {
    seen,
    failure,
    start: () => {
      const recorder = createRecorder({
        open,
        snapshot: () => fullBatch(),
        restore: (remembered) => seen.restored.push(remembered),
        onTrouble: (sentence) => seen.troubles.push(sentence),
        onCommit: () => {},
        groupMilliseconds: 5,
        retryMilliseconds: 20,
        now: () => 60,
        listeningSince: () => 10,
        ...changes,
      })
      t.teardown(() => recorder.close())
      return recorder
    },
  }
}

const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5)
}

t.test('what is recorded together is committed together, and whoever waits is told after it', async (t) => {
  const { seen, start } = watched(t)
  const recorder = start()
  t.match(seen.restored, [{ findings: [{ id: 'aaaaaaaaaaaaaaaa' }] }])
  t.equal(recorder.committed(), null, 'nothing waits')
  recorder.record({ agents: [agentRow('node-1')] })
  recorder.record({ agents: [agentRow('node-2')] })
  t.equal(recorder.waiting(), 2)
  t.equal(recorder.committed(), recorder.committed(), 'one promise for all of a group')
  t.equal(seen.commits.length, 0)
  await recorder.committed()
  t.strictSame(
    seen.commits.map(({ agents }) => agents.map(({ node }) => node)),
    [['node-1', 'node-2']],
  )
  t.equal(recorder.waiting(), 0)
  t.strictSame(recorder.endedFindings(0, 9), [ended])
})

t.test(
  'a store that fails: pushes are answered, the report is from memory, and all is written when it is well again',
  async (t) => {
    const { seen, failure, start } = watched(t)
    const recorder = start()
    failure.now = new StoreError('full', 'x.db')
    recorder.record({ findings: [findingRow(ended)] })
    await recorder.committed()
    t.match(recorder.trouble(), /no room/)
    t.strictSame(recorder.endedFindings(0, 9), [ended], 'from memory')
    recorder.record({ agents: [agentRow('node-3')] })
    await recorder.committed()
    t.equal(seen.commits.length, 0)
    failure.now = null
    await until(() => recorder.trouble() === null)
    t.match(seen.commits, [{ whole: true, agents: [{ node: 'node-1' }] }], 'a snapshot covers what was missed')
    t.equal(seen.restored.length, 1, 'what the file had is older than what is known')
    t.match(seen.troubles, [/no room/, null], 'told once')
  },
)

t.test('a store that fails from the start is read when it can be', async (t) => {
  const { seen, failure, start } = watched(t)
  failure.now = new StoreError('busy', 'x.db')
  const recorder = start()
  t.strictSame(seen.restored, [])
  await sleep(50)
  t.equal(seen.troubles.length, 1, 'the same trouble is told once')
  failure.now = null
  await until(() => recorder.trouble() === null)
  t.match(seen.restored, [{ findings: [{ id: 'aaaaaaaaaaaaaaaa' }] }])
  t.match(seen.commits, [{ whole: true }])
})

t.test('the past has all that was recorded so far, and is told as long as the file can be read', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const { start } = watched(t, {
    open: () => openSqliteStore(file),
    groupMilliseconds: 60_000,
    now: () => AT + 60,
    listeningSince: () => AT,
  })
  const recorder = start()
  recorder.record(fullBatch())
  t.match(recorder.past(AT + 20), { at: AT + 20, listeningSince: AT })
  t.equal(recorder.waiting(), 0)
  t.match(recorder.finding('aaaaaaaaaaaaaaaa'), { ended: null })
  t.equal(recorder.finding('ffffffffffffffff'), null)
  t.equal(recorder.findingsRevision(), 1)
  recorder.close()
  t.match(recorder.past(AT + 20), { why: 'unreadable' })
  t.match(recorder.finding('bbbbbbbbbbbbbbbb'), { id: 'bbbbbbbbbbbbbbbb' }, 'from memory')
})

t.test('closing commits what waits', async (t) => {
  const { seen, start } = watched(t, { groupMilliseconds: 60_000 })
  const recorder = start()
  recorder.record({ findings: [findingRow(ended)] })
  recorder.prune(0)
  recorder.close()
  t.match(seen.commits, [{ findings: [findingRow(ended)] }])
})

t.test('a bug is thrown, not hidden', async (t) => {
  t.throws(
    () =>
      watched(t, {
        open: () => {
          throw new TypeError('a bug')
        },
      }).start(),
    { message: 'a bug' },
  )
})

t.test('with a real file: damage is left alone, and moving it away is enough', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  writeFileSync(file, 'not a database, and long enough to be looked at '.repeat(100))
  const damaged = readFileSync(file)
  const { start } = watched(t, { open: () => openSqliteStore(file) })
  const recorder = start()
  recorder.record({ ...emptyBatch(), agents: [agentRow()] })
  await recorder.committed()
  t.match(recorder.trouble(), /damaged and was left as it is/)
  t.ok(readFileSync(file).equals(damaged))
  const { renameSync } = await import('node:fs')
  renameSync(file, `${file}.damaged`)
  await until(() => recorder.trouble() === null)
  recorder.close()
  const store = openSqliteStore(file)
  t.teardown(() => store.close())
  t.equal(store.load().agents.length, 1)
})
