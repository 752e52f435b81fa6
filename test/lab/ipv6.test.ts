// IPv6 end to end: DNS over UDP and TCP, and NTP.
import { existsSync } from 'node:fs'
import type { ReportNode } from '@oddnode/protocol'
import t from 'tap'
import { bootCluster } from './cluster/cluster.ts'
import { ipv6Of, outside } from './cluster/layout.ts'
import { withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

const why = whyNoLab() ?? (existsSync('/proc/net/if_inet6') ? null : 'the kernel has no IPv6')
const [upstream, other] = [ipv6Of(outside.upstream), ipv6Of(outside.otherUpstream)]
const ntp = ipv6Of(outside.ntp[0])
/** Each way to write an address. */
const written = [outside.upstream, `${outside.otherUpstream}:53`, upstream, `[${other}]:53`]
const meant = [outside.upstream, outside.otherUpstream, upstream, other]

/** Servers and transports that a node's host agent has no answer of. */
const unanswered = ({ agents }: ReportNode): string[] =>
  meant.flatMap((address) =>
    ['udp', 'tcp'].flatMap((transport) =>
      agents.some(({ probes }) =>
        probes.some((one) => one.target.address === address && one.transport === transport && one.answered > 0),
      )
        ? []
        : [`${address} ${transport}`],
    ),
  )

t.test('IPv6 end to end', { skip: why ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster({ ipv6: true, aggregatorSettings: [`--targets.upstream=${written}`] })
  t.teardown(() => lab.close())
  lab.processes.start('other upstream')
  await untilWell(lab)

  await t.test(
    'host:port: v4, v4:port, v6 and [v6]:port are asked over UDP and TCP and answer; NTP gives every node its clock',
    async (t) => {
      const hasOffset = ({ clock }: ReportNode) =>
        clock.samples.some(({ reference, offsetSeconds }) => reference.includes(ntp) && offsetSeconds !== null)
      const { report } = await until(lab, 'every node has what it asks for', 2 * withinSeconds.open, ({ nodes }) =>
        nodes.every((node) => hasOffset(node) && unanswered(node).length === 0),
      )
      for (const { clock } of report.nodes) t.ok(Math.abs(clock.offsetSeconds ?? 1) < 0.05, 'one machine, one clock')
    },
  )

  await t.test('one node loses its way to one server: named with its IPv6 address', async (t) => {
    await lab.rule('node-3', 'in', `ip6 saddr ${upstream} drop`)
    const { report } = await until(lab, 'a finding', withinSeconds.open, (report) => openFindings(report).length > 0)
    const [finding] = openFindings(report)
    t.match(finding?.scope, { kind: 'node', nodes: ['node-3'] })
    t.match(finding?.story, upstream)
  })
})
