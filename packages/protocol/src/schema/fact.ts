import { type Static, Type } from 'typebox'

const text = (maxLength: number) => Type.String({ maxLength })
const count = () => Type.Number({ minimum: 0 })
const optional = <T extends Parameters<typeof Type.Optional>[0]>(type: T) => Type.Optional(type)

/** A resolv.conf as it is, and as the C libraries read it (resolv.conf(5), musl's resolvconf.c). */
export const ResolvConfFact = Type.Object(
  {
    path: text(256),
    /** Every nameserver line in order, duplicates included. */
    nameservers: Type.Array(text(64), { maxItems: 64 }),
    search: Type.Array(text(255), { maxItems: 64 }),
    /** Each option with its value as written, e.g. `ndots:5`. */
    options: Type.Array(text(64), { maxItems: 64 }),
    /** Nameservers that glibc and musl use: the first three. */
    usedNameservers: Type.Array(text(64), { maxItems: 3 }),
    /** What the file has above the limits of glibc or musl, one sentence each. */
    limits: Type.Array(text(256), { maxItems: 16 }),
    /** Unix time in seconds of the file's last change; a pod keeps the file of its creation. */
    modifiedAt: Type.Union([Type.Number(), Type.Null()]),
    /** Lines that no rule of resolv.conf(5) reads. */
    unread: Type.Array(text(256), { maxItems: 16 }),
    error: Type.Union([text(200), Type.Null()]),
  },
  { additionalProperties: false },
)
export type ResolvConfFact = Static<typeof ResolvConfFact>

/**
 * What a node *is* rather than what it saw. Absent where not readable, never zero instead.
 */
export const Facts = Type.Object(
  {
    resolvConf: optional(ResolvConfFact),
    system: optional(
      Type.Object(
        { kernel: text(128), os: text(128), hostname: text(253), nodeVersion: text(32) },
        { additionalProperties: false },
      ),
    ),
    /** Names in /etc/hosts that shadow DNS, with their address. */
    hosts: optional(
      Type.Array(Type.Object({ name: text(253), address: text(64) }, { additionalProperties: false }), {
        maxItems: 64,
      }),
    ),
    /** Which of the plan's target addresses live on this node (LOCAL in /proc/net/fib_trie, if_inet6). */
    localAddresses: optional(Type.Array(text(64), { maxItems: 256 })),
    /** Interface and MTU of the route to each target, from /proc/net/route and /sys/class/net. */
    routes: optional(
      Type.Array(
        Type.Object(
          {
            address: text(64),
            device: Type.Union([text(32), Type.Null()]),
            mtu: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
          },
          { additionalProperties: false },
        ),
        { maxItems: 256 },
      ),
    ),
    /** nf_conntrack_count and _max, and the sums over all CPUs of /proc/net/stat/nf_conntrack by header name. */
    conntrack: optional(
      Type.Object(
        {
          entries: Type.Union([count(), Type.Null()]),
          max: Type.Union([count(), Type.Null()]),
          counters: Type.Record(Type.String({ maxLength: 64 }), count()),
        },
        { additionalProperties: false },
      ),
    ),
    /** How packets may travel here; null where not readable. */
    network: optional(
      Type.Object(
        {
          /** A default route; and an IPv6 address of global scope. */
          defaultRouteIpv4: Type.Union([Type.Boolean(), Type.Null()]),
          defaultRouteIpv6: Type.Union([Type.Boolean(), Type.Null()]),
          globalIpv6: Type.Union([Type.Boolean(), Type.Null()]),
          /** /proc/sys/net: net.ipv4.ip_forward, net.bridge.bridge-nf-call-iptables, net.ipv4.ip_nonlocal_bind. */
          ipForward: Type.Union([Type.Boolean(), Type.Null()]),
          bridgeNfCallIptables: Type.Union([Type.Boolean(), Type.Null()]),
          ipNonlocalBind: Type.Union([Type.Boolean(), Type.Null()]),
          /** The interface kube-ipvs0 is there: IPVS owns every ClusterIP, so that "lives here" proves nothing. */
          ipvs: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
    ),
    /** Who keeps the clock right, where that can be read without privilege (chrony's command port, timesyncd's file). */
    timeKeeping: optional(
      Type.Object(
        {
          /** `none`: looked for, and nobody is there. */
          daemon: Type.Enum(['chrony', 'timesyncd', 'none']),
          synchronised: Type.Union([Type.Boolean(), Type.Null()]),
          /** Seconds by which the clock may be off at most, as its daemon says. */
          maxErrorSeconds: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
          /** /sys/devices/system/clocksource/clocksource0/current_clocksource. */
          clockSource: Type.Union([text(32), Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
    /** The `Udp` rows of /proc/net/snmp by header name, e.g. InErrors, RcvbufErrors. */
    udp: optional(Type.Record(Type.String({ maxLength: 64 }), count())),
  },
  {
    title: 'Facts',
    description: 'What a node is rather than what it saw. Absent where it could not be read, never zero instead.',
    additionalProperties: false,
  },
)
export type Facts = Static<typeof Facts>
