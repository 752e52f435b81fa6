import { join } from 'node:path'
import t from 'tap'
import { parseConntrackCounters, readConntrack } from '../src/conntrack.ts'
import { linux68, linux418 } from './proc-fixtures.ts'

t.test('trap 23: two kernels, columns by name, hexadecimal, summed over CPUs', async (t) => {
  const old = parseConntrackCounters(linux418.conntrack)
  t.match(old, { found: 15, invalid: 32, search_restart: 12, delete_list: 0 })
  t.equal(old['clashres'], undefined)
  const recent = parseConntrackCounters(linux68.conntrack)
  t.match(recent, { clashres: 2, insert_failed: 4, chainlength: 0 })
  t.equal(recent['searched'], undefined)
})

t.test('trap 23: a counter just below its wrap is not cut', async (t) => {
  t.equal(parseConntrackCounters(linux418.conntrack)['insert_failed'], 0xffffffff + 3)
})

t.test('the table size, which every row repeats, is not summed', async (t) => {
  t.equal(parseConntrackCounters(linux418.conntrack)['entries'], undefined)
})

t.test('trap 23: what is missing is absent, never zero', async (t) => {
  t.same(parseConntrackCounters(''), {})
  t.same(parseConntrackCounters('found new\n'), {}, 'no CPU')
  t.same(parseConntrackCounters('found new\n00000001\n'), { found: 1 }, 'a short row')
  const proc = t.testdir({ sys: { net: { netfilter: { nf_conntrack_max: '262144\n' } } } })
  t.same(await readConntrack(proc), { entries: null, max: 262144, counters: {} })
  t.equal(await readConntrack(join(proc, 'missing')), undefined)
})

t.test('all of it', async (t) => {
  const proc = t.testdir({
    net: { stat: { nf_conntrack: linux68.conntrack } },
    sys: { net: { netfilter: { nf_conntrack_max: '100\n', nf_conntrack_count: '7\n' } } },
  })
  t.match(await readConntrack(proc), { entries: 7, max: 100, counters: { insert_failed: 4 } })
})
