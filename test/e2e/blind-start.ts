// Agents that start on a node whose pods have no DNS at all: they become ready, report, and name what is dead.
import t from 'tap'
import { get, kubectl, now, sleep } from './commands.ts'
import { agentsReady, deleteAgents, victimAndOther } from './nodes.ts'
import { createNamespace, install, isWell, openFindings, remove, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const CACHE = ['-n', 'kube-system', 'daemonset/node-local-dns']
type DaemonSet = { spec: { updateStrategy: object; template: { spec: { affinity?: object } } } }

const cache = await get<DaemonSet>(...CACHE).catch(() => null)

t.test(
  'a blind start',
  { skip: cache ? false : 'there is no DaemonSet node-local-dns', timeout: HOUR_MILLISECONDS },
  async (t) => {
    const { updateStrategy, template } = (cache as DaemonSet).spec
    const { victim, other } = await victimAndOther()
    await createNamespace()
    t.teardown(remove)
    // Without a rollout: the caches of the other nodes go on.
    const change = (affinity: object | null) => patchCache({ template: { spec: { affinity } } })
    await patchCache({ updateStrategy: { type: 'OnDelete', rollingUpdate: null } })
    t.teardown(async () => {
      await change(template.spec.affinity ?? null)
      await patchCache({ updateStrategy })
    })
    await install('--set', `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`)
    await until('all are well', 180, isWell)

    await change(awayFrom(victim))
    await kubectl(
      '-n',
      'kube-system',
      'wait',
      '--for=delete',
      'pods',
      '-l',
      'k8s-app=node-local-dns',
      `--field-selector=spec.nodeName=${victim}`,
      '--timeout=60s',
    )
    await deleteAgents(victim)
    await sleep(1)
    const began = now()
    await agentsReady(victim, 60)
    t.pass(`both agents of ${victim} are ready after ${(now() - began).toFixed(0)} s`)
    const { report } = await until('node-local-dns-not-running', 60, (seen) =>
      openFindings(seen).some(
        ({ fault, scope }) => fault === 'node-local-dns-not-running' && scope.nodes.includes(victim),
      ),
    )
    t.comment(`named after ${(now() - began).toFixed(0)} s: ${report.verdict.sentence}`)
    t.equal(report.verdict.agents.reporting, report.verdict.agents.expected, 'every agent reports')
    const besides = openFindings(report).filter(({ fault }) => fault !== 'node-local-dns-not-running')
    t.strictSame(
      besides.map(({ story }) => story),
      [],
      'and nothing besides',
    )

    await change(template.spec.affinity ?? null)
    const ended = await until('its end', 90, (seen) => openFindings(seen).length === 0)
    t.comment(`gone ${ended.seconds.toFixed(0)} s after the cache was back`)
    await uninstall()
  },
)

const patchCache = (spec: object) => kubectl('patch', ...CACHE, '--type=merge', '--patch', JSON.stringify({ spec }))

function awayFrom(node: string): object {
  const expression = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [node] }
  const terms = { nodeSelectorTerms: [{ matchExpressions: [expression] }] }
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } }
}
