import { type Static, Type } from 'typebox'
import { targetOrigins, vantages } from '../closed-sets.ts'
import { CLUSTER_SCHEMA } from '../wire.ts'
import { Address } from './plan.ts'

const closed = { additionalProperties: false }
const text = (maxLength: number) => Type.String({ maxLength })
const name = () => Type.String({ minLength: 1, maxLength: 253 })
const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T) => Type.Union([type, Type.Null()])
/** Unix time in seconds. */
const UnixTime = Type.Number({ minimum: 0 })
const Port = Type.Integer({ minimum: 1, maximum: 65535 })
const addresses = () => Type.Array(Address, { maxItems: 64 })

/** A node as the API has it. */
export const ClusterNode = Type.Object(
  {
    name: name(),
    /** The condition Ready. */
    ready: Type.Boolean(),
    /** Cordoned, as while it is drained. */
    cordoned: Type.Boolean(),
    createdAt: nullable(UnixTime),
    /** What it may share with others: zone, instanceType, kernel, osImage, kubelet, containerRuntime, cni, and labels that differ between nodes. */
    attributes: Type.Record(Type.String({ maxLength: 253 }), text(253)),
    /** Nodes alike in what may differ by design: only these are compared. '' where nothing is known. */
    group: text(253),
    /** The vantages that an agent is expected in. */
    expected: Type.Array(Type.Enum([...vantages]), { maxItems: 2 }),
  },
  closed,
)
export type ClusterNode = Static<typeof ClusterNode>

/** A CoreDNS pod behind the cluster's DNS Service. */
export const DnsEndpoint = Type.Object(
  {
    address: Address,
    /** Where it serves DNS; absent: 53. */
    port: Type.Optional(Port),
    pod: nullable(name()),
    node: nullable(name()),
    zone: nullable(text(253)),
    ready: Type.Boolean(),
    terminating: Type.Boolean(),
    createdAt: nullable(UnixTime),
  },
  closed,
)
export type DnsEndpoint = Static<typeof DnsEndpoint>

/** How the cluster's DNS is built. */
export const ClusterDns = Type.Object(
  {
    /** `namespace/name` of the Service; null where none was found. */
    service: nullable(text(512)),
    /** The labels of CoreDNS's pods as kubectl takes them, e.g. `k8s-app=kube-dns`: the Service's selector; absent where it is not known. */
    podSelector: Type.Optional(text(512)),
    addresses: addresses(),
    /** The second ClusterIP that the NodeLocal addon creates for itself. */
    upstreamServiceAddresses: addresses(),
    nodeLocalAddresses: addresses(),
    /** Where these were learnt; absent where there are none. */
    nodeLocalLearnedFrom: Type.Optional(Type.Enum([...targetOrigins])),
    /** ClusterIPs that node-local DNS takes over on each node, as its arguments say. */
    nodeLocalOwns: addresses(),
    /** Nodes whose pod of node-local DNS ends now, or began a moment ago, as in a roll-out; absent where there are none. */
    nodeLocalReplaced: Type.Optional(
      Type.Array(Type.Object({ node: name(), at: UnixTime }, closed), { maxItems: 1024 }),
    ),
    /** Of all pods, the ones that are not ready included; null where EndpointSlices cannot be read. */
    endpoints: nullable(Type.Array(DnsEndpoint, { maxItems: 1024 })),
    /** When the set of endpoints last changed. */
    endpointsChangedAt: nullable(UnixTime),
    /** The Service prefers near endpoints (traffic distribution, internal traffic policy): a node then uses some of them only. */
    prefersNearEndpoints: Type.Boolean(),
    clusterDomain: nullable(Type.String({ minLength: 1, maxLength: 253 })),
    /** Zones of the Corefile's plugin `kubernetes`; null where it cannot be read. */
    zones: nullable(Type.Array(text(253), { maxItems: 64 })),
    /** Where the Corefile forwards other names to, as written: addresses, or `/etc/resolv.conf`. */
    forwards: Type.Array(text(253), { maxItems: 64 }),
    /** Resolvers outside the cluster. */
    upstreams: addresses(),
  },
  closed,
)
export type ClusterDns = Static<typeof ClusterDns>

/** A pod of those that DNS hangs on, and what is wrong with it. */
export const PodTrouble = Type.Object(
  {
    component: Type.Enum(['coredns', 'node-local-dns', 'kube-proxy', 'cni', 'agent-host', 'agent-pod']),
    namespace: name(),
    pod: name(),
    node: nullable(name()),
    /** As the API words it, e.g. `CrashLoopBackOff`, `Pending: 0/3 nodes are available`. */
    reason: text(512),
    restarts: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type PodTrouble = Static<typeof PodTrouble>

/** An event of the API that is evidence. */
export const ClusterEvent = Type.Object(
  {
    reason: Type.Enum(['DNSConfigForming', 'MissingClusterDNS']),
    node: nullable(name()),
    pod: text(512),
    message: text(1024),
    lastSeenAt: UnixTime,
  },
  closed,
)
export type ClusterEvent = Static<typeof ClusterEvent>

/** One of the checks that people make by hand, and its answer. */
export const ClusterCheck = Type.Object(
  {
    /** E.g. `dns-pods-running`, `dns-service-exists`, `endpointslices-ready`, `corefile-readable`, `coredns-rbac`. */
    id: Type.String({ minLength: 1, maxLength: 64 }),
    /** Null where it could not be looked at. */
    passed: nullable(Type.Boolean()),
    /** What was seen, in one sentence. */
    detail: text(512),
  },
  closed,
)
export type ClusterCheck = Static<typeof ClusterCheck>

/**
 * What is known of the cluster besides what agents see: by the Kubernetes API, or from a file that somebody keeps where there is none. A
 * whole picture each time, never a change: what could not be learnt is null or empty, and named in `hidden`.
 */
export const Cluster = Type.Object(
  {
    schema: Type.Literal(CLUSTER_SCHEMA),
    source: Type.Enum(['kubernetes', 'file']),
    nodes: Type.Array(ClusterNode, { maxItems: 20_000 }),
    dns: ClusterDns,
    /** The API server's ClusterIP and port. */
    apiServer: nullable(Type.Object({ address: Address, port: Port }, closed)),
    /** The agents' headless Service, what it should answer, and when that last changed; null without one. */
    canary: nullable(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 253 }),
          addresses: Type.Array(Address, { maxItems: 20_000 }),
          changedAt: UnixTime,
        },
        closed,
      ),
    ),
    /** Names of the cluster's own whose answers are large on purpose, and the octets of an answer with EDNS. Absent: none. */
    largeNames: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 253 }),
            octets: Type.Integer({ minimum: 512, maximum: 65_535 }),
          },
          closed,
        ),
        { maxItems: 8 },
      ),
    ),
    troubles: Type.Array(PodTrouble, { maxItems: 1024 }),
    events: Type.Array(ClusterEvent, { maxItems: 256 }),
    checks: Type.Array(ClusterCheck, { maxItems: 64 }),
    /** What could not be read, why, and what that hides: one sentence each. */
    hidden: Type.Array(text(512), { maxItems: 64 }),
  },
  closed,
)
export type Cluster = Static<typeof Cluster>
