// The alerts as the chart renders them: the file of rules as it is, but for what the values change.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { chart, objectOf, rendered, run, whyNot } from './helm.ts'

const skip = whyNot('helm') || whyNot('promtool', 'prometheus')

t.test('promtool takes the rules, and they fire as they should', { skip }, async (t) => {
  const folder = t.testdir()
  const rules = join(folder, 'rules.yaml')
  writeFileSync(rules, rulesOf(rendered('--set', 'metrics.prometheusRule.enabled=true')))
  const checked = run('promtool', ['check', 'rules', rules])
  t.equal(checked.status, 0, checked.stdout + checked.stderr)

  const tests = join(folder, 'alerts.yaml')
  cpSync(join(import.meta.dirname, '../prometheus/alerts.yaml'), tests)
  const tested = run('promtool', ['test', 'rules', tests])
  t.equal(tested.status, 0, tested.stdout + tested.stderr)
})

t.test('every alert of the file is rendered', { skip }, async (t) => {
  const names = (text: string) => [...text.matchAll(/\balert: (\S+)$/gm)].map(([, name]) => name)
  const text = rulesOf(rendered('--set', 'metrics.prometheusRule.enabled=true'))
  t.strictSame(names(text), names(readFileSync(join(chart, 'rules/alerts.yaml'), 'utf8')))
})

t.test('the values change what they name, and only that', { skip }, async (t) => {
  const set = {
    enabled: 'true',
    runbookUrl: 'https://wiki.example/oddnode',
    'alertLabels.team': 'platform',
    'alerts.OddnodeStoreFailing.for': '1h',
    'alerts.OddnodeStoreFailing.severity': 'info',
    'alerts.OddnodeAgentsMissing.threshold': '3',
  }
  const text = rulesOf(
    rendered(...Object.entries(set).flatMap(([key, value]) => ['--set', `metrics.prometheusRule.${key}=${value}`])),
  )
  const [, store = ''] = /alert: OddnodeStoreFailing\n([\s\S]*?)(?=\n +- alert:|\n +- annotations:|$)/.exec(text) ?? []
  t.match(text, 'runbook_url: https://wiki.example/oddnode/OddnodeStoreFailing.md')
  t.match(text, 'keep_firing_for: 6m')
  t.match(store, /for: 1h/)
  t.match(store, /severity: info\n +team: platform/)
  t.match(text, /expr: .*status="reporting"}\)\s+> 3\n/)
  t.equal(text.match(/team: platform/g)?.length, text.match(/\balert: /g)?.length)
})

/** The `groups:` of a PrometheusRule, as Prometheus itself reads them. */
function rulesOf(text: string): string {
  const [, spec = ''] = objectOf(text, 'PrometheusRule', 'oddnode').split(/^spec:$/m)
  return spec.replace(/^ {2}/gm, '')
}

t.test('each alert that counts something can be given its threshold', { skip }, async (t) => {
  const counting = ['OddnodeAgentsMissing', 'OddnodeAgentsRejected', 'OddnodeDiagnosisFailing', 'OddnodeRoundsDropped']
  const set = counting.map((name) => `metrics.prometheusRule.alerts.${name}.threshold=7`)
  const text = rulesOf(rendered(...['metrics.prometheusRule.enabled=true', ...set].flatMap((one) => ['--set', one])))
  t.equal(text.match(/> 7$/gm)?.length, counting.length)
  t.notMatch(text, /expr: .*> 0$/m)
})
