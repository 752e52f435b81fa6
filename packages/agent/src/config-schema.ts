import { vantages } from '@oddnode/protocol'
import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false }
const seconds = (from: number, to: number, preset: number, description: string) =>
  Type.Number({ minimum: from, maximum: to, default: preset, description })
const addresses = (description: string, maxItems = 64) =>
  Type.Array(Type.String({ minLength: 2, maxLength: 64 }), { maxItems, default: [], description })
/** As many as a plan carries. */
const MOST_NTP_SERVERS = 16

/** Everything that an agent can be told. The compiled check and the help text are made from it. */
export const AgentConfig = Type.Object(
  {
    node: Type.String({
      minLength: 0,
      maxLength: 253,
      default: '',
      description: "the node's name; empty: the host name",
    }),
    vantage: Type.Enum([...vantages], {
      default: 'host',
      description: 'where this agent stands: in the host network or in the pod network',
    }),
    aggregator: Type.Array(Type.String({ minLength: 8, maxLength: 256, pattern: '^http://' }), {
      maxItems: 16,
      default: [],
      description:
        'addresses of the aggregator, http://192.0.2.1:8530; a name is tried last, since it needs the DNS that is on trial',
    }),
    tokenFile: Type.String({
      maxLength: 4096,
      default: '',
      description: 'file with the token or secret that a push carries; read again at each push',
    }),
    listen: Type.Object(
      {
        address: Type.String({
          minLength: 2,
          maxLength: 64,
          default: '127.0.0.1',
          description: 'address of /metrics, /livez and /readyz',
        }),
        port: Type.Integer({ minimum: 0, maximum: 65535, default: 9530, description: 'their port; 0: any free one' }),
      },
      { ...closed, default: {} },
    ),
    metrics: Type.Boolean({ default: true, description: 'serve /metrics' }),
    intervalSeconds: seconds(0.2, 3600, 15, 'mean length of a round; each is drawn from 80 to 120 % of it'),
    deadlineSeconds: seconds(0.05, 60, 2, 'an answer after this is late'),
    closeSeconds: seconds(0.05, 60, 6, 'a socket is kept this long for a late answer'),
    suspicionSeconds: seconds(
      0.05,
      60,
      5,
      'a probe that changed its mind is asked again in this time, until it is decided',
    ),
    targets: Type.Object(
      {
        nodeLocal: addresses('node-local DNS caches, address or address:port'),
        clusterDns: addresses('ClusterIPs of cluster DNS'),
        clusterDnsUpstream: addresses('ClusterIPs that node-local DNS asks'),
        endpoint: addresses('CoreDNS pods'),
        upstream: addresses('resolvers outside the cluster'),
        ntp: addresses('NTP servers; none is asked unless it is named here or in the plan', MOST_NTP_SERVERS),
      },
      { ...closed, default: {} },
    ),
    names: Type.Object(
      {
        clusterDomain: Type.String({
          maxLength: 253,
          default: '',
          description: "the cluster's domain; empty: from the search list of resolv.conf",
        }),
        namespace: Type.String({
          maxLength: 63,
          default: '',
          description: "oddnode's namespace; empty: from the search list",
        }),
        external: Type.String({
          maxLength: 253,
          default: '',
          description: 'a name outside the cluster to ask for; empty: none',
        }),
      },
      { ...closed, default: {} },
    ),
    bufferRounds: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 240,
      description: 'rounds kept while no aggregator answers; the oldest are dropped first',
    }),
    paths: Type.Object(
      {
        etc: Type.String({
          minLength: 1,
          default: '/etc',
          description: 'directory of resolv.conf, hosts and os-release of this vantage',
        }),
        proc: Type.String({ minLength: 1, default: '/proc', description: 'where procfs is mounted' }),
        sys: Type.String({ minLength: 1, default: '/sys', description: 'where sysfs is mounted' }),
        run: Type.String({
          minLength: 1,
          default: '/run',
          description: "the node's /run, where systemd-timesyncd shows itself to a host agent",
        }),
      },
      { ...closed, default: {} },
    ),
    logLevel: Type.Enum(['debug', 'info', 'warn', 'error'], {
      default: 'info',
      description: 'debug: every sample; info: changes',
    }),
  },
  closed,
)
export type AgentConfig = Static<typeof AgentConfig>
