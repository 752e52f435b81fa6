import { join } from 'node:path'
import t from 'tap'
import { parseFibTrie, parseIfInet6, readLocalAddresses } from '../src/local-addresses.ts'
import { fibTrie, ifInet6 } from './proc-fixtures.ts'

t.test('trap 1: which of the addresses asked about live here', async (t) => {
  const proc = t.testdir({ net: { fib_trie: fibTrie, if_inet6: ifInet6 } })
  const asked = [
    '169.254.20.10',
    '169.254.25.10',
    '10.244.1.1',
    '10.244.1.2',
    '127.0.0.53',
    'fd00::2',
    'fd00::3',
    'name',
  ]
  t.same(await readLocalAddresses(asked, proc), ['169.254.20.10', '10.244.1.1', '127.0.0.53', 'fd00::2'])
})

t.test('without IPv6 no IPv6 address is local; without fib_trie nothing is known', async (t) => {
  const proc = t.testdir({ net: { fib_trie: fibTrie } })
  t.same(await readLocalAddresses(['::1', '127.0.0.1'], proc), ['127.0.0.1'])
  t.equal(await readLocalAddresses(['127.0.0.1'], join(proc, 'missing')), undefined)
})

t.test('only LOCAL leaves, not BROADCAST or UNICAST', async (t) => {
  const lengths = parseFibTrie(fibTrie).map(({ bits, length }) => `${bits.toString(16)}/${length}`)
  t.same(lengths, ['af40101/32', '7f000000/8', '7f000001/32', 'a9fe140a/32'])
  t.same(parseFibTrie('garbage\n |-- x\n /32 host LOCAL\n'), [])
  t.same(parseIfInet6('zz\n'), [])
})

t.test('this machine: its loopback lives here, an address for documentation does not', async (t) => {
  const local = await readLocalAddresses(['127.0.0.1', '198.51.100.53'])
  if (local === undefined) return t.comment('left out: /proc/net/fib_trie cannot be read here')
  t.same(local, ['127.0.0.1'])
})
