// What a person types: `oddnode check` in a pod of the release and in one of its own, well and with a fault, and `kubectl oddnode`.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import t from 'tap'
import { exitOf } from './commands.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { agentImage, agentPods, victimAndOther } from './nodes.ts'
import { installed, NAMESPACE, openFindings, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const WELL = 0
const FAULT = 2

t.test('in a terminal', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  await installed(t, '--set', `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`)
  const plugin = await installPlugin()
  t.teardown(plugin.remove)
  const kubectl = (...args: string[]) => exitOf('kubectl', args, plugin.path)

  await t.test('a check where an agent stands', async (t) => {
    for (const vantage of ['host', 'pod']) {
      const [pod = ''] = await agentPods(
        `--field-selector=spec.nodeName=${victim}`,
        '-l',
        `app.kubernetes.io/component=agent-${vantage}`,
      )
      const { code, output } = await kubectl('-n', NAMESPACE, 'exec', pod, '--', 'oddnode', 'check')
      t.equal(code, WELL, output)
      t.comment(`${vantage}: ${output.trim().split('\n').at(-1)}`)
    }
  })

  await t.test('a check in a pod of its own', async (t) => {
    const { code, output } = await kubectl(...(await checkPod('oddnode-e2e-check')))
    t.equal(code, WELL, output)
  })

  await t.test('kubectl oddnode', async (t) => {
    const { code, output } = await kubectl('oddnode', '-n', NAMESPACE)
    t.equal(code, WELL, output)
    t.match(output, /(\d+)\/\1 agents reporting/)
  })

  await t.test('with a fault', { skip: whyNoFaults() }, async (t) => {
    t.teardown(() => heal(victim))
    await makeFault(victim, 'pods-lose-node-local')
    const check = await kubectl(...(await checkPod('oddnode-e2e-check', victim)))
    t.equal(check.code, FAULT, check.output)
    t.comment(check.output.trim().split('\n').at(-1) ?? '')
    await until('it is named', 60, (seen) => openFindings(seen).length > 0)
    const report = await kubectl('oddnode')
    t.equal(report.code, FAULT)
    t.match(report.output, new RegExp(`On ${victim} pods cannot reach node-local DNS`))
    await heal(victim)
  })
  await uninstall()
})

/** Arguments of kubectl for a check in a pod of its own. @param node where it must run; none: wherever */
async function checkPod(name: string, node?: string): Promise<string[]> {
  const place = node === undefined ? [] : [`--overrides=${JSON.stringify({ spec: { nodeName: node } })}`]
  const image = `--image=${await agentImage()}`
  return [
    'run',
    name,
    '-i',
    '--rm',
    '--quiet',
    '--restart=Never',
    image,
    ...place,
    '--command',
    '--',
    'oddnode',
    'check',
  ]
}

/** kubectl finds its plugins by their names in the PATH. */
async function installPlugin(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'oddnode-plugin-'))
  const main = resolve(import.meta.dirname, '../../packages/cli/src/kubectl/main.ts')
  const program = join(folder, 'kubectl-oddnode')
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' --conditions=@oddnode/source '${main}' "$@"\n`)
  await chmod(program, 0o755)
  const path = `${folder}${delimiter}${process.env['PATH']}`
  return { path, remove: () => rm(folder, { recursive: true }) }
}
