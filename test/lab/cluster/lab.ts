import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster, Report, Vantage } from '@oddnode/protocol'
import { overlay } from './fake-files.ts'
import { type FaultChain, faultRule, NO_FAULT_RULES } from './fault-rules.ts'
import { type EndpointLayout, type Layout, type NodeLayout, OUTSIDE } from './layout.ts'
import type { Namespaces } from './namespaces.ts'
import type { ClusterOptions } from './options.ts'
import { pictureOf } from './picture.ts'
import { createProcesses, type Processes } from './processes.ts'
import { readReport } from './read-report.ts'
import { writeServices } from './services.ts'
import { controlOf } from './unbound.ts'
import { writeWhole } from './write-whole.ts'

/** A small cluster of network namespaces that runs, and what a scenario does to it. */
export type Lab = {
  options: ClusterOptions
  layout: Layout
  /** A directory that goes away with the lab. */
  directory: string
  namespaces: Namespaces
  processes: Processes
  node: (number: number) => NodeLayout
  endpoint: (number: number) => EndpointLayout
  /** Adds a rule to a chain of a node (or any member), as `nft add rule` takes it. */
  rule: (member: string, chain: FaultChain, rule: string) => Promise<void>
  clearRules: (member: string) => Promise<void>
  /** Writes the Service rules of a node, or of all, from the picture of the cluster. */
  syncServices: (...nodes: string[]) => Promise<void>
  /** Changes what the Kubernetes API would tell. */
  changePicture: (change: (picture: Cluster) => void) => void
  /** The endpoints as they were at first. */
  firstEndpoints: () => Cluster['dns']['endpoints']
  /** What stands in the way of DNS: see middlebox.ts. */
  middleboxes: { name: string; member: string; table: string }[]
  /** The directory that an agent reads resolv.conf from. */
  etcOf: (node: string, vantage: Vantage) => string
  writeResolvConf: (node: string, vantage: Vantage, text: string) => void
  /** Changes files of /proc that the agents of a node see; only of a node that `procOf` gave some from the start. */
  writeProc: (node: string, files: Readonly<Record<string, string>>) => void
  /** The directory that a node's agents take for /run: a timesyncd that is synchronised, to begin with. */
  runOf: (node: string) => string
  /** Tells a DNS server something at run time, as unbound-control(8) does. */
  control: (name: string, ...command: readonly string[]) => Promise<void>
  report: () => Promise<Report>
  /** A Unix socket that leads to the aggregator. */
  socket: string
  close: () => Promise<void>
}

/** Nothing runs yet, and no network is wired. */
export function createLab(options: ClusterOptions, layout: Layout, directory: string, namespaces: Namespaces): Lab {
  const processes = createProcesses(namespaces)
  const picture = pictureOf(layout, options)
  const socket = join(directory, 'aggregator.sock')
  const write = () => writeWhole(join(directory, 'cluster.json'), JSON.stringify(picture))
  const etcOf = (node: string, vantage: Vantage) => join(directory, `etc-${vantage}-${node}`)
  write()
  let isClosed = false
  return {
    options,
    layout,
    directory,
    namespaces,
    processes,
    socket,
    etcOf,
    node: (number) => only(layout.nodes[number - 1], `node ${number}`),
    endpoint: (number) => only(layout.endpoints[number - 1], `endpoint ${number}`),
    rule: async (member, chain, rule) => {
      await namespaces.run(member, ['nft', '-f', '-'], faultRule(chain, rule))
    },
    clearRules: async (member) => {
      await namespaces.run(member, ['nft', '-f', '-'], NO_FAULT_RULES)
    },
    syncServices: async (...nodes) => {
      const names = nodes.length > 0 ? nodes : layout.nodes.map(({ name }) => name)
      await Promise.all(names.map((name) => writeServices(namespaces, name, options, picture)))
    },
    changePicture: (change) => {
      change(picture)
      write()
    },
    firstEndpoints: () => pictureOf(layout, options).dns.endpoints,
    middleboxes: [],
    writeResolvConf: (node, vantage, text) => {
      mkdirSync(etcOf(node, vantage), { recursive: true })
      writeWhole(join(etcOf(node, vantage), 'resolv.conf'), text)
    },
    writeProc: (node, files) => overlay(join(directory, `proc-${node}`), '/proc', files),
    runOf: (node) => join(directory, `run-${node}`),
    control: async (name, ...command) => {
      await namespaces.run(OUTSIDE, controlOf(directoryOf(directory, name), ...command))
    },
    report: () => readReport(socket),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await namespaces.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** Where a program of the lab has its files. */
export const directoryOf = (directory: string, name: string) => join(directory, name.replaceAll(' ', '-'))

function only<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the lab has no ${what}`)
  return found
}
