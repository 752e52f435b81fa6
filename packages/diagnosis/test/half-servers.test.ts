import t from 'tap'
import { type Cut, halfServersOfFleet, halfServersOfNode, otherThan } from '../src/half-servers.ts'
import { faultCluster, type ProbeOf, type Sees } from './faults/fault-world.ts'
import { sightAfter, viewAfter } from './faults/sight-of.ts'

const tcp: Cut = { transport: 'tcp', outcomes: ['timeout'] }
const isDns = ({ question }: Pick<ProbeOf, 'question'>) => !['connect', 'reach', 'health'].includes(question)
const noTcp =
  (isOdd: (node: string, probe: ProbeOf) => boolean): Sees =>
  (node, probe) =>
    probe.transport === 'tcp' && isDns(probe) && isOdd(node, probe) ? 'timeout' : null

t.test('the servers of a node that are cut off over one transport', async (t) => {
  t.same(
    halfServersOfNode(
      sightAfter(() => null),
      tcp,
    ),
    [],
  )
  const [all] = halfServersOfNode(sightAfter(noTcp((node) => node === 'node-2')), tcp)
  t.match(all, { everything: true, nodeLocalLoses: true, nodeLocalAnswers: false })
  t.ok(all?.explains?.every(({ planned, target }) => isDns(planned) || target.role === 'node-local'))
  const [one] = halfServersOfNode(
    sightAfter(noTcp((node, { address }) => node === 'node-2' && address === '10.244.1.2')),
    tcp,
  )
  t.match(one, { everything: false, nodeLocalLoses: false, nodeLocalAnswers: true })
  t.equal(one?.servers.length, 2, 'from both vantages')
  t.same(halfServersOfNode(sightAfter(noTcp((node) => node === 'node-2')), { ...tcp, outcomes: ['refused'] }), [])
})

t.test('what fails for all is the server’s', async (t) => {
  const toOne = noTcp((_, { address }) => address === '10.244.1.2')
  t.same(halfServersOfNode(sightAfter(toOne), tcp), [])
  const [one] = halfServersOfFleet(viewAfter(toOne), tcp)
  t.match(one, { everything: false, nodeLocalLoses: false })
  t.same([...new Set(one?.servers.map(({ target }) => target.address))], ['10.244.1.2'])
  t.same(halfServersOfFleet(viewAfter(noTcp((node) => node === 'node-2')), tcp), [])
  const [all] = halfServersOfFleet(viewAfter(noTcp((_, { role }) => role !== 'node-local')), tcp)
  t.match(all, { everything: true, nodeLocalLoses: true })
})

t.test('where it answers over neither, nothing is half', async (t) => {
  const dead: Sees = (_, { address }) => (address === '10.244.1.2' ? 'timeout' : null)
  t.same(halfServersOfFleet(viewAfter(dead, { cluster: faultCluster() }), tcp), [])
})

t.test('the other transport', async (t) => {
  t.equal(otherThan('udp'), 'tcp')
  t.equal(otherThan('tcp'), 'udp')
})

/** Of the queries to the ClusterIP from node-2 those meet the pod that is cut off: the last ones in a row, by chance. */
const meets = (isCut: (probe: ProbeOf) => boolean): Sees =>
  noTcp((node, probe) => node === 'node-2' && (isCut(probe) || probe.role === 'cluster-dns'))

t.test('a ClusterIP that leads to a pod which is cut off may have met that one alone by chance', async (t) => {
  const addressesOf = (sees: Sees) =>
    halfServersOfNode(sightAfter(sees), tcp).flatMap(({ servers }) => servers.map(({ target }) => target.address))
  t.notOk(addressesOf(meets(({ address }) => address === '10.244.1.2')).includes('10.96.0.10'))
  t.ok(addressesOf(meets(() => false)).includes('10.96.0.10'), 'not where every pod answers')
  t.ok(addressesOf(meets(({ role }) => role === 'endpoint')).includes('10.96.0.10'), 'nor where none does')
})

t.test('a server that is dead for one node and unwell for the others is not cut off from all', async (t) => {
  const now: Sees = (node, { transport, address, question }, round) =>
    transport === 'tcp' && address === '10.244.1.2' && isDns({ question }) && (node === 'node-2' || round < 5)
      ? 'timeout'
      : null
  t.equal(halfServersOfFleet(viewAfter(now), tcp).length, 0)
})

t.test('where the way loses packets anyhow a run of lost ones is chance', async (t) => {
  const udp: Cut = { transport: 'udp', outcomes: ['timeout'] }
  const toOne =
    (share: number): Sees =>
    (node, probe, round) => {
      const loses = lossy(share)
      if (node !== 'node-2' || probe.transport !== 'udp' || !isDns(probe)) return null
      return probe.address === '10.244.1.2' && round > 8 ? 'timeout' : loses(node, probe, round)
    }
  const cutOff = (share: number) =>
    halfServersOfNode(sightAfter(toOne(share), { rounds: 7 }), udp).flatMap(({ servers }) =>
      servers.map(({ target }) => target.address),
    )
  t.same([...new Set(cutOff(0))], ['10.244.1.2'])
  t.notOk(cutOff(0.5).includes('10.244.1.2'))
})

/** The same share of every round, of each server. */
const lossy =
  (share: number): Sees =>
  (_, { question, role, address }, round) =>
    (round * 7 + question.length * 3 + role.length + address.length) % 10 < share * 10 ? 'timeout' : null

const seven = Array.from({ length: 7 }, (_, i) => `node-${i + 1}`)

t.test('cut off from nearly all nodes, and open to the one that is left: it is those nodes', async (t) => {
  const setting = { nodes: seven, cluster: faultCluster(seven) }
  const row = noTcp((node, { role }) => node !== 'node-1' && role !== 'node-local')
  t.equal(halfServersOfFleet(viewAfter(row, setting), tcp).length, 0)
  t.match(halfServersOfNode(sightAfter(row, setting), tcp), [{ everything: true }])
  const column = noTcp((node, { address }) => address === '10.244.1.2' && node !== 'node-1')
  t.equal(halfServersOfFleet(viewAfter(column, setting), tcp).length, 1, 'but the one server is at fault itself')
  t.equal(halfServersOfNode(sightAfter(column, setting), tcp).length, 0)
})
