import {
  ALL_PODS,
  ipv6Of,
  type Layout,
  type NodeLayout,
  nodeLocalAddresses,
  OUTSIDE,
  outside,
  podIpv6Of,
  podsIpv6Of,
  type Shape,
} from './layout.ts'
import type { Namespaces } from './namespaces.ts'

/** Makes the namespaces and everything between them: a bridge for the nodes, a veth pair per pod, routes between the nodes' pods. */
export async function wire(namespaces: Namespaces, layout: Layout, shape: Shape): Promise<void> {
  const pods = [
    ...layout.nodes.map((node) => ({ node, ...node.agentPod })),
    ...layout.endpoints.map(({ member, address, node }) => ({ node, member, address })),
  ]
  const members = [OUTSIDE, ...layout.nodes.map(({ name }) => name), ...pods.map(({ member }) => member)]
  await Promise.all(members.map(namespaces.add))
  await wireOutside(namespaces, layout, shape)
  await Promise.all(layout.nodes.map((node) => wireNode(namespaces, layout, shape, node)))
  for (const { node, member, address } of pods) await wirePod(namespaces, shape, node, member, address)
}

/** Linux tells a peer of a closed port once a second, and rounds here are a fifteenth of the real ones. */
const TELL_EVERY_REFUSAL = 'net.ipv4.icmp_ratelimit=0'

const setKernel = (namespaces: Namespaces, member: string, ...settings: string[]) =>
  namespaces.run(member, ['sysctl', '--quiet', '--write', ...settings])

const addressCommands = (address: string, device: string, ipv6: boolean): string[] => [
  `address add ${address}/24 dev ${device}`,
  ...(ipv6 ? [`address add ${ipv6Of(address)}/64 dev ${device} nodad`] : []),
]

async function wireOutside(namespaces: Namespaces, { nodes }: Layout, { ipv6 }: Shape): Promise<void> {
  const addresses = Object.values(outside).flat()
  await namespaces.ip(OUTSIDE, [
    'link add br0 type bridge',
    'link set br0 up',
    ...addresses.flatMap((address) => addressCommands(address, 'br0', ipv6)),
    ...nodes.flatMap((node) => routesTo(node, ipv6).slice(1)),
    ...nodes.flatMap(({ name }) => [
      `link add ${name} type veth peer name eth0 netns ${namespaces.nameOf(name)}`,
      `link set ${name} master br0 up`,
    ]),
  ])
  await setKernel(namespaces, OUTSIDE, TELL_EVERY_REFUSAL)
}

async function wireNode(
  namespaces: Namespaces,
  { nodes }: Layout,
  shape: Shape,
  { name, address }: NodeLayout,
): Promise<void> {
  await namespaces.ip(name, [
    ...addressCommands(address, 'eth0', shape.ipv6),
    'link set eth0 up',
    `route add default via ${outside.router}`,
    ...nodes.filter((other) => other.name !== name).flatMap((other) => routesTo(other, shape.ipv6)),
    ...nodeLocalAddresses(shape).map((owned) => `address add ${owned}/32 dev lo`),
  ])
  await setKernel(
    namespaces,
    name,
    TELL_EVERY_REFUSAL,
    'net.ipv4.ip_forward=1',
    ...(shape.ipv6 ? ['net.ipv6.conf.all.forwarding=1'] : []),
  )
  await namespaces.run(
    name,
    ['nft', '-f', '-'],
    `${MASQUERADE}${shape.ownsClusterDns ? untracked(nodeLocalAddresses(shape)) : ''}`,
  )
}

/** What node-local DNS writes where it owns the ClusterIP: no connection tracking, so no translation. */
const untracked = (addresses: readonly string[]): string =>
  `table ip node-local-dns {
  chain prerouting { type filter hook prerouting priority raw; ip daddr { ${addresses} } meta l4proto { tcp, udp } th dport 53 notrack; }
  chain output {
    type filter hook output priority raw;
    ip daddr { ${addresses} } meta l4proto { tcp, udp } th dport 53 notrack
    ip saddr { ${addresses} } meta l4proto { tcp, udp } th sport 53 notrack
  }
}
`

/** What the CNI does for pods that talk to what is outside the cluster, which knows no way back to them. */
const MASQUERADE = `table ip cni {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${ALL_PODS} ip daddr != ${ALL_PODS} fib daddr type != local masquerade
  }
}
`

/** The ways to a node's pods; what is outside the cluster knows the one over IPv6 alone. */
const routesTo = (node: NodeLayout, ipv6: boolean): string[] => [
  `route add ${node.pods} via ${node.address}`,
  ...(ipv6 ? [`route add ${podsIpv6Of(node)} via ${ipv6Of(node.address)}`] : []),
]

/** As the CNI plugin `ptp` does: no bridge, the node answers for the gateway on every pair. */
async function wirePod(
  namespaces: Namespaces,
  { ipv6 }: Shape,
  node: NodeLayout,
  member: string,
  address: string,
): Promise<void> {
  const pairs = [[address, node.gateway], ...(ipv6 ? [[podIpv6Of(address), podIpv6Of(node.gateway)]] : [])]
  await namespaces.ip(node.name, [
    `link add ${member} type veth peer name eth0 netns ${namespaces.nameOf(member)}`,
    ...pairs.map(([, gateway]) => `address add ${gateway} dev ${member}${withoutSearch(gateway)}`),
    `link set ${member} up`,
    ...pairs.map(([own]) => `route add ${own} dev ${member}`),
  ])
  await namespaces.ip(member, [
    ...pairs.map(([own]) => `address add ${own} dev eth0${withoutSearch(own)}`),
    'link set eth0 up',
    ...pairs.flatMap(([, gateway]) => [`route add ${gateway} dev eth0`, `route add default via ${gateway}`]),
  ])
  await setKernel(namespaces, member, TELL_EVERY_REFUSAL)
}

/** Without a search for duplicates, an IPv6 address can be used at once. */
const withoutSearch = (address = ''): string => (address.includes(':') ? ' nodad' : '')
