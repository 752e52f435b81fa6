import { vantages } from '@oddnode/protocol'
import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false }
const seconds = (initial: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 31_536_000, default: initial, description })
const count = (initial: number, maximum: number, description: string) =>
  Type.Integer({ minimum: 1, maximum, default: initial, description })

/** Every number that a verdict hangs on: the fields of the diagnosis' `Thresholds`. */
const Thresholds = Type.Object(
  {
    windowSamples: count(5, 50, "Samples of a probe's window."),
    failingSamples: count(3, 50, 'Bad samples of the window from which on a probe is failing …'),
    failingSpreadSeconds: seconds(10, '… where they are spread over at least this long.'),
    fewestSamples: count(3, 50, 'Fewer samples than this are no data.'),
    degradedLate: count(3, 50, 'Late answers that make a probe degraded.'),
    staleSeconds: seconds(
      60,
      "A probe's last sample is stale after this, or after three of its intervals where that is longer.",
    ),
    recoverySamples: count(3, 50, 'Good samples in a row after which a failure has ended.'),
    silentSeconds: seconds(60, 'An agent is silent after this long without a push …'),
    silentNotReadySeconds: seconds(40, '… or after this long where Kubernetes calls its node NotReady.'),
    twinSeconds: seconds(30, 'The twin of a silent agent must have pushed within this time.'),
    newNodeSeconds: seconds(300, 'A node younger than this is new.'),
    flappingSeconds: seconds(600, 'A finding that comes back within this time after its end is the same one.'),
    unexplainedRounds: count(5, 50, 'Consecutive bad samples until a difference is unexplained.'),
    clockInfoSeconds: seconds(
      0.05,
      'A clock that is off by more than this, beyond its uncertainty, is told of as info.',
    ),
    clockWarningSeconds: seconds(0.5, 'The same, as a warning.'),
    clockCriticalSeconds: seconds(5, 'The same, as critical.'),
    slowSeconds: seconds(0.01, 'An answer time is slow from so much above the middle of the other nodes on.'),
    fewestNodesToCompare: count(3, 1000, 'Nodes from which on "most nodes" means something.'),
  },
  closed,
)

const path = (description: string, preset?: string) =>
  Type.String({ minLength: 1, maxLength: 4096, description, ...(preset === undefined ? {} : { default: preset }) })
const optionalPath = (description: string) => Type.Optional(path(description))
const addresses = (description: string, maxItems = 64) =>
  Type.Array(Type.String({ minLength: 2, maxLength: 64 }), { maxItems, default: [], description })
/** As many as a plan carries. */
const MOST_NTP_SERVERS = 16
const roundSeconds = (from: number, to: number, preset: number, description: string) =>
  Type.Number({ minimum: from, maximum: to, default: preset, description })

/** Where what agents cannot see is learnt: nodes, cluster DNS and its endpoints. */
const Discovery = Type.Object(
  {
    mode: Type.Enum(['auto', 'kubernetes', 'file', 'none'], {
      default: 'auto',
      description:
        'Where the cluster is learnt from: the Kubernetes API, clusterFile, or nowhere. auto: clusterFile where it is set, else the API where a service account is at hand, else nowhere.',
    }),
    vantages: Type.Array(Type.Enum([...vantages]), {
      minItems: 1,
      maxItems: 2,
      default: [...vantages],
      description: 'Vantages that an agent is expected in on every Linux node.',
    }),
  },
  closed,
)

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** How the Kubernetes API is reached; in a pod there is nothing to set. */
const Kubernetes = Type.Object(
  {
    address: Type.String({
      maxLength: 256,
      default: '',
      pattern: '^(https://.+)?$',
      examples: ['https://192.0.2.1:6443'],
      description: 'The API server. Empty: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, as in every pod.',
    }),
    tokenFile: path('Token of the service account; read again as it is renewed.', `${SERVICE_ACCOUNT}/token`),
    caFile: path('Certificates that the API server is trusted by.', `${SERVICE_ACCOUNT}/ca.crt`),
    namespaceFile: path(
      "File with oddnode's namespace, where names.namespace is empty.",
      `${SERVICE_ACCOUNT}/namespace`,
    ),
  },
  closed,
)

const Names = Type.Object(
  {
    clusterDomain: Type.String({
      maxLength: 253,
      default: '',
      description: "The cluster's domain. Empty: from the Corefile, else from the search list of pods.",
    }),
    namespace: Type.String({
      maxLength: 63,
      default: '',
      description: "Oddnode's own namespace. Empty: the service account's.",
    }),
    external: Type.String({
      maxLength: 253,
      default: '',
      description: 'A name outside the cluster that agents ask for. Empty: none.',
    }),
    canary: Type.String({
      minLength: 1,
      maxLength: 63,
      default: 'oddnode-agents',
      description: "The agents' headless Service in oddnode's namespace: its answer is known from the API.",
    }),
  },
  closed,
)

/** What agents ask, where it should not be what was discovered. */
const Targets = Type.Object(
  {
    nodeLocal: addresses('Node-local DNS caches, address or address:port. Empty: discovered.'),
    clusterDns: addresses('ClusterIPs of cluster DNS. Empty: discovered.'),
    clusterDnsUpstream: addresses('ClusterIPs that node-local DNS asks. Empty: discovered.'),
    upstream: addresses('Resolvers outside the cluster. Empty: discovered.'),
    ntp: addresses('NTP servers. None is asked unless it is named here.', MOST_NTP_SERVERS),
  },
  closed,
)

/** The times of a round, as in the agent's settings of the same names. */
const PlanSettings = Type.Object(
  {
    intervalSeconds: roundSeconds(0.2, 3600, 15, 'Mean length of a round; each is drawn from 80 to 120 % of it.'),
    deadlineSeconds: roundSeconds(0.05, 60, 2, 'An answer after this is late.'),
    closeSeconds: roundSeconds(0.05, 60, 6, 'A socket is kept this long for a late answer.'),
    suspicionSeconds: roundSeconds(
      0.05,
      60,
      5,
      'A probe that changed its mind is asked again in this time, until it is decided.',
    ),
  },
  closed,
)

/** All settings of the aggregator: one schema for flags, environment, file, `--help` and docs/configuration.md. */
export const AggregatorConfig = Type.Object(
  {
    cluster: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'default',
      description: 'Name of the cluster, as the report calls it.',
    }),
    listen: Type.Object(
      {
        address: Type.String({
          minLength: 1,
          maxLength: 64,
          default: '127.0.0.1',
          description: 'Address to listen on; :: is every one.',
        }),
        port: Type.Integer({
          minimum: 0,
          maximum: 65_535,
          default: 8530,
          description: 'Port to listen on; 0 takes a free one.',
        }),
      },
      closed,
    ),
    externalUrl: Type.String({
      maxLength: 512,
      default: '',
      // An authority and a path (RFC 3986): no user, no query, nothing that ends a link in Markdown or HTML.
      pattern: '^(https?://[A-Za-z0-9._~:/[\\]!$&*+,;=%-]+)?$',
      examples: ['https://oddnode.example.com'],
      description:
        'Where readers open this aggregator, what stands before /report: incidents that are pasted or kept link there. Empty: they name the path alone.',
    }),
    dataFile: optionalPath('SQLite file for states, facts and findings. Absent: memory only.'),
    auth: Type.Object(
      {
        mode: Type.Enum(['none', 'shared-secret', 'kubernetes'], {
          default: 'none',
          description:
            'Who may push: anybody (only on a loopback address), who knows the secret, or pods of our own namespace with a token for the audience oddnode, each for the node that it runs on.',
        }),
        secretFile: optionalPath('File with the secret of auth.mode shared-secret.'),
      },
      closed,
    ),
    clusterFile: optionalPath(
      'JSON file that describes the cluster where no Kubernetes API does (docs/cluster-file.md); read again when it changes.',
    ),
    discovery: Discovery,
    kubernetes: Kubernetes,
    names: Names,
    targets: Targets,
    plan: PlanSettings,
    budget: Type.Object(
      {
        queriesPerSecondPerEndpoint: Type.Number({
          minimum: 1,
          maximum: 100_000,
          default: 50,
          description:
            'Queries per second that one CoreDNS pod may get from all agents together, its share through ClusterIPs included.',
        }),
      },
      closed,
    ),
    advertise: Type.Array(Type.String({ minLength: 2, maxLength: 64 }), {
      maxItems: 16,
      default: [],
      description:
        "Addresses of this aggregator that plans tell the agents, with listen.port: tried where the environment's address fails.",
    }),
    events: Type.Object(
      {
        enabled: Type.Boolean({
          default: false,
          description: 'Write a Kubernetes Event on the Node when a finding about it opens or ends.',
        }),
      },
      closed,
    ),
    retention: Type.Object(
      {
        days: Type.Number({
          minimum: 0.01,
          maximum: 3650,
          default: 30,
          description: 'Ended findings and history are kept this long.',
        }),
      },
      closed,
    ),
    limits: Type.Object(
      {
        bodyBytes: Type.Integer({
          minimum: 1024,
          maximum: 16_777_216,
          default: 262_144,
          description: 'Largest body of a push, in bytes.',
        }),
        pushesPerSecond: Type.Number({
          exclusiveMinimum: 0,
          maximum: 1000,
          default: 1,
          description: 'Pushes per second that an agent may send in the long run.',
        }),
        pushBurst: count(60, 10_000, 'Pushes that an agent may send at once, after an outage.'),
        agents: count(20_000, 1_000_000, 'Agents that are known at once; the pushes of further ones are refused.'),
      },
      closed,
    ),
    recording: Type.Object(
      {
        file: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 4096,
            description: 'File that takes down what the findings are decided from, for `oddnode replay`. Absent: none.',
          }),
        ),
        megabytes: count(64, 100_000, 'Size at which that file becomes FILE.1 and a new one begins.'),
      },
      closed,
    ),
    thresholds: Thresholds,
    logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      default: 'info',
      description: 'The least severe log lines that are written.',
    }),
  },
  closed,
)
export type AggregatorConfig = Static<typeof AggregatorConfig>
