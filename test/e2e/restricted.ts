// A namespace that enforces Pod Security `restricted`: without agents in the host's network everything runs there, and nothing is found.
import t from 'tap'
import { kubectl } from './commands.ts'
import { nodeNames } from './nodes.ts'
import { createNamespace, findingsWithin, install, NAMESPACE, remove, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('Pod Security restricted', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const nodes = await nodeNames()
  await createNamespace()
  t.teardown(remove)
  await kubectl('label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted')
  await install('--set', 'agent.host.enabled=false')
  await until('every pod agent reports', 90, ({ verdict: { agents } }) => agents.reporting === nodes.length)
  t.strictSame(
    (await findingsWithin(90)).map(({ story }) => story),
    [],
  )
  const { report } = await until(
    'no agent of hosts is missed',
    5,
    ({ verdict }) => verdict.agents.expected === nodes.length,
  )
  t.comment(report.verdict.sentence)
  await uninstall()
})
