import { readFile } from 'node:fs/promises'

/** What a node's kubelet tells its pods of DNS, as far as its configuration file says. */
export type KubeletDns = {
  /** Nameservers that it writes into the resolv.conf of pods. */
  clusterDns: string[]
  /** Null where the file does not say. */
  clusterDomain: string | null
  /** The file that pods with `dnsPolicy: Default` get, CoreDNS among them; null where the file does not say. */
  resolvConf: string | null
}

/** Where kubeadm, kubespray and most images keep it. */
export const usualKubeletFile = '/var/lib/kubelet/config.yaml'

/** @returns null where there is none, or no right to read it. Never rejects */
export async function readKubeletFile(path: string): Promise<KubeletDns | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? null : parseKubeletFile(text)
}

/**
 * KubeletConfiguration in YAML or JSON, as its writers lay it out: top-level keys in the first column of YAML, values that are plain or
 * quoted words.
 */
export function parseKubeletFile(text: string): KubeletDns {
  return {
    clusterDns: listOf(text, 'clusterDNS'),
    clusterDomain: wordOf(text, 'clusterDomain'),
    resolvConf: wordOf(text, 'resolvConf'),
  }
}

function wordOf(text: string, key: string): string | null {
  const found = new RegExp(`^\\s*["']?${key}["']?:[ \\t]*["']?([^\\s"',#]+)`, 'm').exec(text)?.[1]
  return found ?? null
}

/** `[a, b]` on one line or several, or lines that begin with a dash. */
function listOf(text: string, key: string): string[] {
  const rest = new RegExp(`^\\s*["']?${key}["']?:\\s*(\\[[^\\]]*\\]|(?:-[^\\n]*(?:\\n\\s*(?=-)|$)?)+)`, 'm').exec(
    text,
  )?.[1]
  return rest?.match(/[0-9a-f][0-9a-f.:]+/gi) ?? []
}
