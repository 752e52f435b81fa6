import t from 'tap'
import { allCellsTo, behindNodeLocal, clusterIps, expectedLoss, reachesCoreDns, waysTo } from '../src/ways.ts'
import { nodeLocalFacts, type Sees, type Setting } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const intercepted: NonNullable<Setting['facts']> = (...who) => ({
  ...nodeLocalFacts(...who),
  localAddresses: ['169.254.20.10', '10.96.0.10'],
})
const dead =
  (...addresses: string[]): Sees =>
  (_, { address }) =>
    addresses.includes(address) ? 'timeout' : null

t.test('the servers of a role, and their plain probes from there', async (t) => {
  const ways = waysTo(
    sightAfter(() => null),
    'endpoint',
  )
  t.same(
    ways.map(({ target, cells }) => [target.address, cells.length]),
    [
      ['10.244.1.2', 6],
      ['10.244.3.2', 6],
    ],
  )
  t.equal(
    waysTo(
      sightAfter(() => null),
      'endpoint',
      ['pod'],
    )[0]?.cells.length,
    3,
  )
})

t.test('CoreDNS is reached where one of its pods answers, from one vantage at least', async (t) => {
  t.equal(reachesCoreDns(sightAfter(dead('10.244.1.2')), 0), 'yes')
  t.equal(reachesCoreDns(sightAfter(dead('10.244.1.2', '10.244.3.2')), 0), 'no')
  const pods: Sees = (_, { role, vantage }) => (role === 'endpoint' && vantage === 'pod' ? 'timeout' : null)
  t.equal(reachesCoreDns(sightAfter(pods), 0), 'yes')
  t.equal(reachesCoreDns(sightAfter(pods), 0, ['pod']), 'no')
  t.equal(reachesCoreDns(sightAfter(pods), 0, ['host']), 'yes')
  t.equal(
    reachesCoreDns(
      sightAfter(() => null),
      Number.MAX_SAFE_INTEGER,
    ),
    'wait',
  )
  t.equal(reachesCoreDns({ ...sightAfter(() => null), agents: { host: null, pod: null } }, 0), 'no')
})

t.test('a ClusterIP that lives on the node is node-local DNS', async (t) => {
  const addresses = (facts: NonNullable<Setting['facts']>) =>
    clusterIps(sightAfter(() => null, { facts })).map(({ address }) => address)
  t.same(addresses(nodeLocalFacts), ['10.96.0.10', '10.96.0.11'])
  t.same(addresses(intercepted), ['10.96.0.11'])
  const roles = (facts: NonNullable<Setting['facts']>) => [
    ...new Set(behindNodeLocal(sightAfter(() => null, { facts })).map(({ target }) => target.role)),
  ]
  t.same(roles(nodeLocalFacts), ['node-local'])
  t.same(roles(intercepted), ['node-local', 'cluster-dns'])
})

t.test('what a ClusterIP must lose', async (t) => {
  t.equal(expectedLoss(sightAfter(dead('10.244.1.2')), 'pod'), 0.5)
  t.equal(
    expectedLoss(
      sightAfter(() => null),
      'host',
    ),
    0,
  )
  t.equal(expectedLoss({ ...sightAfter(() => null), agents: { host: null, pod: null } }, 'host'), null)
})

t.test('every probe of some servers', async (t) => {
  const sight = sightAfter(() => null)
  const [service] = clusterIps(sight)
  const cells = service === undefined ? [] : allCellsTo(sight, [service], ['pod'])
  t.ok(
    cells.every(({ target, vantage }) => target === service || (target.address === '10.96.0.10' && vantage === 'pod')),
  )
  t.ok(cells.some(({ planned }) => planned.sourcePort === 'fixed'))
})
