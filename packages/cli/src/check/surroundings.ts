import { hostname } from 'node:os'
import { join } from 'node:path'
import { usualNodeLocalAddresses } from '@oddnode/agent'
import { type FactRoots, machineRoots, readLocalAddresses, readResolvConf } from '@oddnode/probes'
import type { ResolvConfFact, Vantage } from '@oddnode/protocol'
import { type KubeletDns, readKubeletFile, usualKubeletFile } from './kubelet-file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What shows, without asking anybody, of the place where a check stands. */
export type Surroundings = {
  hostname: string
  /** `pod` in every container that Kubernetes started. */
  vantage: Vantage
  resolvConf: ResolvConfFact
  /** Customary addresses of node-local DNS that live here; null where that cannot be read. */
  nodeLocalAddresses: string[] | null
  /** Only on a node itself. */
  kubelet: KubeletDns | null
  /** The file that kubelet hands on to pods with `dnsPolicy: Default`; null where kubelet's own file does not show. */
  handedOn: ResolvConfFact | null
  environment: Environment
}

export type SurroundingsRoots = FactRoots & { kubelet: string }

export const usualRoots: SurroundingsRoots = { ...machineRoots, kubelet: usualKubeletFile }

/** Looks around. Never rejects: what cannot be read is null, or an `error` within. */
export async function lookAround(environment: Environment, roots = usualRoots): Promise<Surroundings> {
  const vantage = environment['KUBERNETES_SERVICE_HOST'] === undefined ? 'host' : 'pod'
  const [resolvConf, nodeLocalAddresses, kubelet] = await Promise.all([
    readResolvConf(join(roots.etc, 'resolv.conf')),
    readLocalAddresses(usualNodeLocalAddresses, roots.proc),
    vantage === 'host' ? readKubeletFile(roots.kubelet) : null,
  ])
  return {
    hostname: hostname(),
    vantage,
    resolvConf,
    nodeLocalAddresses: nodeLocalAddresses ?? null,
    kubelet,
    handedOn: kubelet && (await readResolvConf(kubelet.resolvConf ?? join(roots.etc, 'resolv.conf'))),
    environment,
  }
}
