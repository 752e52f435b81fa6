// What the chart renders to, over a matrix of values. The render is the gate: `helm lint` passes a chart whose templates fail.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { loadAgentConfig } from '../../packages/agent/src/config.ts'
import { loadConfig } from '../../packages/aggregator/src/config.ts'
import { parseAddress } from '../../packages/protocol/src/parse-address.ts'
import { chart, configurationOf, objectOf, objectsOf, rendered, run, template, valuesFiles, whyNot } from './helm.ts'

const skip = whyNot('helm')

t.test('helm lint', { skip }, async (t) => {
  const linted = run('helm', ['lint', '--strict', chart])
  t.equal(linted.status, 0, linted.stdout)
})

for (const { name, file } of valuesFiles('values')) {
  t.test(`values ${name}`, { skip }, async (t) => {
    const text = rendered('--values', file)
    t.notMatch(text, /<no value>|%!|^ *\w+: null$/m, 'nothing is left open')
    t.notMatch(text, /^ +$/m, 'no blank lines of spaces')
    for (const object of objectsOf(text)) {
      const { kind, name, text } = object
      if (['DaemonSet', 'Deployment'].includes(kind)) t.ok(name.length <= 52, `${name}: room for what Kubernetes adds`)
      if (name !== 'further') t.match(text, /app\.kubernetes\.io\/part-of: oddnode/, `${kind} ${name}`)
    }
  })
}

for (const { name, file } of valuesFiles('invalid')) {
  t.test(`refused: ${name}`, { skip }, async (t) => {
    const [, expected = ''] = /^# expect: (.+)$/m.exec(readFileSync(file, 'utf8')) ?? []
    const { status, stderr } = template('--values', file)
    t.not(status, 0, 'does not render')
    t.ok(expected !== '' && stderr.includes(expected), `says: ${expected}\nsaid: ${stderr}`)
  })
}

t.test('what is no address for the programs is none for the chart', { skip }, async (t) => {
  const upstream = (texts: readonly string[]) =>
    template(
      '--set-json',
      `targets.upstream=${JSON.stringify(texts)}`,
      '--show-only',
      'templates/aggregator-configmap.yaml',
    )
  const addresses = ['192.0.2.1', '::', '::1', '1::', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:192.0.2.1']
  const withPort = ['192.0.2.1:53', '[2001:db8::53]:65535', '[::ffff:192.0.2.1]:1']
  const none = [
    ':::::',
    '1:2',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '::256.0.0.1',
    '1:2:3:4:5:6:7:',
  ]
  const nonePort = ['192.0.2.1:0', '192.0.2.1:65536', '[192.0.2.1]:53', '[::1]:0', '192.0.2', '192.0.2.256']
  t.equal(upstream([...addresses, ...withPort]).status, 0, upstream([...addresses, ...withPort]).stderr)
  for (const text of [...addresses, ...withPort]) t.ok(parseAddress(text, 53), text)
  for (const text of [...none, ...nonePort]) {
    t.not(upstream([text]).status, 0, text)
    t.equal(parseAddress(text, 53), null, text)
  }
})

t.test('the programs take the configuration that the chart writes for them', { skip }, async (t) => {
  const inPod = {
    ODDNODE_ADVERTISE: '198.51.100.7',
    KUBERNETES_SERVICE_HOST: '198.51.100.1',
    KUBERNETES_SERVICE_PORT: '443',
  }
  for (const { name, file } of valuesFiles('values')) {
    if (name === '07-long-names') continue // other names, same configuration
    const text = rendered('--values', file)
    const sources = (component: 'agent' | 'aggregator', environment: Record<string, string>) => ({
      arguments: [],
      environment: { ODDNODE_CONFIG: 'config.json', ...environment },
      readFile: () => configurationOf(text, component),
    })
    const agent = loadAgentConfig(sources('agent', { ODDNODE_NODE: 'node-1', ODDNODE_VANTAGE: 'pod' }))
    t.ok('value' in agent, `agent, ${name}: ${JSON.stringify(agent)}`)
    const aggregator = loadConfig(sources('aggregator', inPod))
    t.ok('value' in aggregator, `aggregator, ${name}: ${JSON.stringify(aggregator)}`)
  }
})

t.test('pods are replaced when their configuration changes, and only then', { skip }, async (t) => {
  const checksums = (...set: string[]) => {
    const text = rendered(...set.flatMap((one) => ['--set', one]))
    const of = (kind: string, name: string) => /checksum\/config: (\S+)/.exec(objectOf(text, kind, name))?.[1]
    return {
      agent: of('DaemonSet', 'oddnode-agent-host'),
      aggregator: of('Deployment', 'oddnode-aggregator'),
    }
  }
  const before = checksums()
  t.strictSame(checksums(), before, 'the same values, the same pods')
  t.strictSame(checksums('events.enabled=false', 'metrics.podMonitor.enabled=true', 'commonLabels.a=b'), before)
  const threshold = checksums('thresholds.silentSeconds=90')
  t.equal(threshold.agent, before.agent, 'a threshold is no matter of agents')
  t.not(threshold.aggregator, before.aggregator, 'but of the aggregator')
  const interval = checksums('agent.interval=30s')
  t.not(interval.agent, before.agent)
  t.not(interval.aggregator, before.aggregator)
})

t.test('a release of another name finds its aggregator by its own Service', { skip }, async (t) => {
  const text = rendered('--set', 'fullnameOverride=watch')
  const agent = objectOf(text, 'DaemonSet', 'watch-agent-pod')
  t.match(agent, /name: ODDNODE_AGGREGATOR_SERVICE_HOST\s+value: \$\(WATCH_AGGREGATOR_SERVICE_HOST\)/)
  t.notMatch(objectOf(rendered(), 'DaemonSet', 'oddnode-agent-pod'), /ODDNODE_AGGREGATOR_SERVICE_HOST/)
})

t.test('another port of the Service replaces the agents of both vantages', { skip }, async (t) => {
  const text = rendered('--set', 'aggregator.service.port=8081')
  for (const vantage of ['host', 'pod'])
    t.match(
      objectOf(text, 'DaemonSet', `oddnode-agent-${vantage}`),
      /name: ODDNODE_AGGREGATOR_SERVICE_PORT\s+value: "8081"/,
    )
})

t.test("an operator's false is kept", { skip }, async (t) => {
  const text = rendered(
    ...[
      'metrics.prometheusRule.enabled=true',
      'metrics.prometheusRule.alerts.OddnodeAgentsMissing.enabled=false',
    ].flatMap((one) => ['--set', one]),
  )
  t.notMatch(text, /alert: OddnodeAgentsMissing/)
  t.match(text, /alert: OddnodeFindingCritical/)
  const hostOnly = objectsOf(rendered('--set', 'agent.pod.enabled=false')).map(({ kind, name }) => `${kind} ${name}`)
  t.notOk(hostOnly.includes('DaemonSet oddnode-agent-pod'))
  t.ok(hostOnly.includes('DaemonSet oddnode-agent-host'))
})
