import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hasUdpPort, readTimeKeeping } from '../src/time-keeping.ts'
import { noChrony, startChrony } from './chrony.ts'

/** Nobody has it: it is below those that tests are given, and no service's. */
const NO_PORT = 1
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  406: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 16042 2 0000000000000000 0
`
const ntpd = `${udp}  461: 00000000:007B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 16043 2 0000000000000000 0\n`
const unix = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 20100 /run/systemd/private
`
const sys = { devices: { system: { clocksource: { clocksource0: { current_clocksource: 'kvm-clock\n' } } } } }
const systemd = { systemd: { system: {} } }

function rootsOf(t: Test, tree: { net?: Record<string, string>; run?: object }) {
  const root = t.testdir({
    proc: { net: tree.net ?? { udp, unix } },
    sys,
    run: (tree.run ?? systemd) as typeof systemd,
  })
  return { proc: join(root, 'proc'), sys: join(root, 'sys'), run: join(root, 'run') }
}

t.test('chrony, by its command port', { skip: noChrony }, async (t) => {
  const { commandPort } = await startChrony(t)
  t.strictSame(await readTimeKeeping(rootsOf(t, {}), commandPort), {
    daemon: 'chrony',
    synchronised: false,
    maxErrorSeconds: null,
    clockSource: 'kvm-clock',
  })
})

t.test('timesyncd, by its folder: synchronised while it touches its file', async (t) => {
  const roots = rootsOf(t, { run: { systemd: { timesync: { synchronized: '' } } } })
  const timesyncd = { daemon: 'timesyncd', maxErrorSeconds: null }
  t.match(await readTimeKeeping(roots, NO_PORT), { ...timesyncd, synchronised: true })
  const twoHoursAgo = Date.now() / 1000 - 7200
  utimesSync(join(roots.run, 'systemd/timesync/synchronized'), twoHoursAgo, twoHoursAgo)
  t.match(await readTimeKeeping(roots, NO_PORT), { ...timesyncd, synchronised: false })
  t.match(await readTimeKeeping(rootsOf(t, { run: { systemd: { timesync: {} } } }), NO_PORT), { synchronised: false })
})

t.test('nobody, where everybody would be seen', async (t) => {
  t.strictSame(await readTimeKeeping(rootsOf(t, {}), NO_PORT), {
    daemon: 'none',
    synchronised: null,
    maxErrorSeconds: null,
    clockSource: 'kvm-clock',
  })
})

t.test('nothing is said where somebody may be there unseen', async (t) => {
  const unseen = {
    'another daemon serves NTP': { net: { udp: ntpd, unix } },
    'over IPv6': { net: { udp, udp6: ntpd, unix } },
    'a chronyd without its port': { net: { udp, unix: `${unix}0: 2 0 0 0002 01 1 /run/chrony/chronyd.sock\n` } },
    '/run is not that of a systemd': { run: { systemd: {} } },
    'no list of sockets': { net: { udp } },
  }
  for (const [why, tree] of Object.entries(unseen)) {
    t.equal(await readTimeKeeping(rootsOf(t, tree), NO_PORT), undefined, why)
  }
})

t.test('without a clock source that can be read', async (t) => {
  const roots = rootsOf(t, {})
  t.match(await readTimeKeeping({ ...roots, sys: join(roots.sys, 'missing') }, NO_PORT), { clockSource: null })
})

t.test('ports are hexadecimal, in the second column', async (t) => {
  t.ok(hasUdpPort(udp, 68))
  t.notOk(hasUdpPort(udp, 44))
  t.notOk(hasUdpPort(udp, 0), 'the remote port')
  t.notOk(hasUdpPort('', 123))
})
