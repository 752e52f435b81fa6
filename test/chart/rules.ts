// The alerts as the chart renders them, judged by promtool: that they parse, and which of two nodes they fire for.
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { objectOf, rendered, run, whyNot } from './helm.ts'

const skip = whyNot('helm') || whyNot('promtool', 'prometheus')

t.test('promtool takes the rules, and they fire as they should', { skip }, async (t) => {
  const folder = t.testdir()
  const rules = join(folder, 'rules.yaml')
  writeFileSync(rules, rulesOf(rendered('--set', 'metrics.prometheusRule.enabled=true')))
  const checked = run('promtool', ['check', 'rules', rules])
  t.equal(checked.status, 0, checked.stdout + checked.stderr)

  const tests = join(folder, 'alerts.yaml')
  cpSync(join(import.meta.dirname, 'rules/alerts.yaml'), tests)
  const tested = run('promtool', ['test', 'rules', tests])
  t.equal(tested.status, 0, tested.stdout + tested.stderr)
})

/** The `groups:` of a PrometheusRule, as Prometheus itself reads them. */
function rulesOf(text: string): string {
  const [, spec = ''] = objectOf(text, 'PrometheusRule', 'oddnode').split(/^spec:$/m)
  return spec.replace(/^ {2}/gm, '')
}
