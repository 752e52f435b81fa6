import { join } from 'node:path'
import t from 'tap'
import { parseSnmp6Udp, parseSnmpUdp, readUdpCounters } from '../src/udp-counters.ts'
import { linux68, linux418 } from './proc-fixtures.ts'

t.test('trap 23: two kernels, counters by header name', async (t) => {
  const old = parseSnmpUdp(linux418.snmp)
  t.match(old, { InDatagrams: 512342, InErrors: 7, RcvbufErrors: 7, IgnoredMulti: 12 })
  t.equal(old['MemErrors'], undefined, 'absent, not zero')
  t.match(parseSnmpUdp(linux68.snmp), { InErrors: 2, MemErrors: 7 })
  t.same(parseSnmp6Udp(linux418.snmp6), { Udp6InDatagrams: 44, Udp6NoPorts: 0, Udp6InErrors: 3 }, 'UDP-Lite is another')
})

t.test('values that are none are absent', async (t) => {
  t.same(parseSnmpUdp('Udp: InErrors NoPorts\nUdp: 1\n'), { InErrors: 1 })
  t.same(parseSnmpUdp('Udp: InErrors\n'), {})
  t.same(parseSnmpUdp('Udp: InErrors\nUdp: -1\n'), {})
  t.same(parseSnmp6Udp('Udp6InErrors\n'), {})
})

t.test('one file is enough; without any nothing is known', async (t) => {
  const proc = t.testdir({ net: { snmp: linux68.snmp } })
  t.match(await readUdpCounters(proc), { InErrors: 2, Udp6InErrors: undefined })
  t.equal(await readUdpCounters(join(proc, 'missing')), undefined)
})

t.test('both families', async (t) => {
  const proc = t.testdir({ net: { snmp: linux418.snmp, snmp6: linux418.snmp6 } })
  t.match(await readUdpCounters(proc), { InErrors: 7, Udp6InErrors: 3 })
})
