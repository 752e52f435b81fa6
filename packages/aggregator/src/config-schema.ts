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
    fewestNodesToCompare: count(3, 1000, 'Nodes from which on "most nodes" means something.'),
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
    dataFile: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'SQLite file for states, facts and findings. Absent: memory only.',
      }),
    ),
    auth: Type.Object(
      {
        mode: Type.Enum(['none', 'shared-secret'], {
          default: 'none',
          description: 'Who may push: anybody (only on a loopback address), or who knows the secret.',
        }),
        secretFile: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 4096,
            description: 'File with the secret of auth.mode shared-secret.',
          }),
        ),
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
    thresholds: Thresholds,
    logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      default: 'info',
      description: 'The least severe log lines that are written.',
    }),
  },
  closed,
)
export type AggregatorConfig = Static<typeof AggregatorConfig>
