import { readFileSync, statSync } from 'node:fs'
import type { Cluster } from '@oddnode/protocol'
import type { Discovery } from './discovery.ts'
import { readCluster } from './read-cluster.ts'

export type ClusterFileOptions = {
  path: string
  onCluster: (cluster: Cluster) => void
  /** What is wrong with the file now; null when it is well again. */
  onTrouble: (sentence: string | null) => void
}

/**
 * The cluster as a file describes it: for the lab, and where there is no Kubernetes API. Looked at each second, and read when its
 * modification time or size changed. While it is gone or wrong the last picture stays, and says so in `hidden`.
 */
export function watchClusterFile({ path, onCluster, onTrouble }: ClusterFileOptions): Discovery {
  let readAs: string | null | undefined
  let last: Cluster | null = null
  let trouble: string | null = null

  function settle(sentence: string | null): void {
    if (sentence === trouble) return
    trouble = sentence
    onTrouble(sentence)
    if (sentence !== null && last !== null) onCluster(withHidden(last, sentence))
  }

  return {
    look: () => {
      const version = versionOf(path)
      if (version === readAs) return
      readAs = version
      const read = version === null ? { error: 'is not there' } : readFile(path)
      if ('error' in read) return settle(`clusterFile ${path} ${read.error}`)
      last = read.cluster
      settle(null)
      onCluster(last)
    },
    close: () => undefined,
  }
}

/** @returns what changes when the file does; null where there is none */
function versionOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? null : `${stat.mtimeNs} ${stat.size} ${stat.ino}`
}

function readFile(path: string): ReturnType<typeof readCluster> {
  try {
    return readCluster(readFileSync(path, 'utf8'))
  } catch (error) {
    return { error: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const HIDDEN_CHARACTERS = 512
const withHidden = (cluster: Cluster, sentence: string): Cluster => ({
  ...cluster,
  hidden: [
    `${sentence}: what changed since it was last read is not known`.slice(0, HIDDEN_CHARACTERS),
    ...cluster.hidden,
  ].slice(0, 64),
})
