import t from 'tap'
import { countTap } from '../../scripts/count-tap.ts'

const tap = `TAP version 14
# Subtest: a.test.ts
    # Subtest: outer
        ok 1 - x
        # Subtest: inner
            ok 1 - y
            not ok 2 - z
              ---
              diff: |
                -ok 3 - wanted
              ...
            1..2
        not ok 2 - inner # time=2.382ms
          ---
          at: somewhere
          ...
        1..2
    not ok 1 - outer # time=5.793ms
    ok 2 - left out # SKIP needs root
    # Subtest: part
        ok 1 - condition # SKIP
        1..1
    ok 3 - part # time=0.662ms
    1..3
not ok 1 - a.test.ts # time=14.464ms
1..1
`

t.test('counts the leaves, not the points that repeat their subtests', async (t) => {
  const { passed, failed } = countTap(tap)
  t.strictSame({ passed, failed: failed.length }, { passed: 2, failed: 1 })
})

t.test('names what failed, with the tests that it stands in and what tap says of it', async (t) => {
  t.strictSame(
    countTap(tap).failed.map((text) => text.split('\n')),
    [['a.test.ts › outer › inner › z', '              ---', '              diff: |', '                -ok 3 - wanted']],
  )
})

t.test('lists what was left out with its reason, and says where there is none', async (t) => {
  t.strictSame(countTap(tap).skipped, ['left out: needs root', 'condition: no reason given'])
})

t.test('a run without a test counts nothing', async (t) => {
  t.strictSame(countTap('TAP version 14\n1..0\n'), { passed: 0, failed: [], skipped: [] })
})

t.test('a test that is left for later counts as left out', async (t) => {
  t.strictSame(countTap('not ok 1 - later # TODO when there is time\n').skipped, ['later: when there is time'])
})
