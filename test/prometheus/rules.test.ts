// The alerts as Prometheus reads them, judged by promtool: that they parse, for which of two nodes they fire, and what they say.
import { cpSync, existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import t from 'tap'
import { run, whyNot } from '../chart/helm.ts'

const repository = resolve(import.meta.dirname, '../..')
const rules = join(repository, 'charts/oddnode/rules/alerts.yaml')
const text = readFileSync(rules, 'utf8')
const alerts = [...text.matchAll(/^ *- alert: (\S+)$/gm)].map(([, name = '']) => name)

t.test(
  'promtool takes the rules, and they fire as they should',
  { skip: whyNot('promtool', 'prometheus') },
  async (t) => {
    const checked = run('promtool', ['check', 'rules', rules])
    t.equal(checked.status, 0, checked.stdout + checked.stderr)
    const folder = t.testdir()
    cpSync(rules, join(folder, 'rules.yaml'))
    cpSync(join(import.meta.dirname, 'alerts.yaml'), join(folder, 'alerts.yaml'))
    const tested = run('promtool', ['test', 'rules', join(folder, 'alerts.yaml')])
    t.equal(tested.status, 0, tested.stdout + tested.stderr)
  },
)

t.test('each alert says what, where and what to do, and has a test', async (t) => {
  const tests = readFileSync(join(import.meta.dirname, 'alerts.yaml'), 'utf8')
  const runbooks = 'https://github.com/oddnode/oddnode/blob/main/docs/runbooks'
  for (const entry of text.split(/^ *- alert: /m).slice(1)) {
    const [name = ''] = entry.split('\n')
    t.match(entry, /^ +severity: (critical|warning)$/m, `${name}: severity`)
    for (const annotation of ['summary', 'description']) t.match(entry, new RegExp(`^ +${annotation}: \\S`, 'm'), name)
    t.ok(entry.includes(`runbook_url: ${runbooks}/${name}.md\n`), `${name}: runbook_url`)
    t.match(
      tests,
      new RegExp(`eval_time: \\w+\\s+alertname: ${name}\\s+exp_alerts:[^[]*\\n +- exp_labels`),
      `${name}: test`,
    )
  }
})

t.test('each alert has its runbook, and each runbook its alert', async (t) => {
  const pages = globSync(join(repository, 'docs/runbooks/Oddnode*.md')).map((file) => basename(file, '.md'))
  t.strictSame(pages.sort(), [...alerts].sort())
  const index = readFileSync(join(repository, 'docs/runbooks/README.md'), 'utf8')
  for (const name of alerts) {
    const page = readFileSync(join(repository, `docs/runbooks/${name}.md`), 'utf8')
    t.match(page, new RegExp(`^# ${name}\\n\\n\\S.+\\.\\n`), `${name}: begins with its name and one sentence`)
    for (const part of ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'])
      t.match(page, `\n## ${part}\n\n`, `${name}: ${part}`)
    t.ok(index.includes(`[${name}](${name}.md)`), `${name}: in the index`)
    for (const [, link = ''] of page.matchAll(/\]\(([^)h#]+)[^)]*\)/g))
      t.ok(existsSync(join(repository, 'docs/runbooks', link)), `${name}: ${link} exists`)
  }
})
