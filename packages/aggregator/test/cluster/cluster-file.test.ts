import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { watchClusterFile } from '../../src/cluster/cluster-file.ts'
import { clusterNode, clusterOf } from './cluster-of.ts'

function watched(path: string) {
  const clusters: Cluster[] = []
  const troubles: (string | null)[] = []
  const { look, close } = watchClusterFile({
    path,
    onCluster: (cluster) => clusters.push(cluster),
    onTrouble: (sentence) => troubles.push(sentence),
  })
  return { look, close, clusters, troubles }
}

t.test('read once, and again when it changed', async (t) => {
  const path = join(t.testdir({ 'cluster.json': JSON.stringify(clusterOf()) }), 'cluster.json')
  const { look, clusters, troubles, close } = watched(path)
  look()
  look()
  t.strictSame(clusters, [clusterOf()])
  const grown = clusterOf({ nodes: [clusterNode('node-9')] })
  writeFileSync(`${path}.new`, JSON.stringify(grown))
  renameSync(`${path}.new`, path)
  look()
  t.strictSame(clusters[1], grown)
  t.strictSame(troubles, [])
  close()
})

t.test('gone or wrong: the last picture stays, and says so', async (t) => {
  const path = join(t.testdir({ 'cluster.json': JSON.stringify(clusterOf()) }), 'cluster.json')
  const { look, clusters, troubles } = watched(path)
  look()
  rmSync(path)
  look()
  look()
  t.strictSame(troubles, [`clusterFile ${path} is not there`])
  t.strictSame(clusters[1], {
    ...clusterOf(),
    hidden: [`clusterFile ${path} is not there: what changed since it was last read is not known`],
  })
  writeFileSync(path, '{"schema":1}')
  look()
  t.match(troubles[1], /clusterFile .* \/ must have required property|clusterFile .* \/schema must be/)
  t.equal(clusters.length, 3)
  writeFileSync(path, JSON.stringify(clusterOf()))
  look()
  t.equal(troubles[2], null)
  t.strictSame(clusters[3], clusterOf())
})

t.test('never there: nothing is told but that', async (t) => {
  const { look, clusters, troubles } = watched(join(t.testdir(), 'cluster.json'))
  look()
  t.match(troubles, [/is not there$/])
  t.strictSame(clusters, [])
})

t.test('a directory in its place', async (t) => {
  const { look, troubles } = watched(t.testdir())
  look()
  t.match(troubles, [/cannot be read: EISDIR/])
})
