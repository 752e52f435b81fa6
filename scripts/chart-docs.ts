// Writes the tables of charts/oddnode/README.md from values.yaml and rules/alerts.yaml; with --check it fails where they are stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { type ChartValue, chartValues } from './chart-values.ts'

const chart = 'charts/oddnode'
const file = `${chart}/README.md`

const written = readFileSync(file, 'utf8')
const text = [
  ['alerts', alertTable(readFileSync(`${chart}/rules/alerts.yaml`, 'utf8'))] as const,
  ['values', tableOf(chartValues(readFileSync(`${chart}/values.yaml`, 'utf8')))] as const,
].reduce((whole, [name, part]) => replacePart(whole, name, part), written)

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (written !== text) {
  process.stderr.write(`${file} is stale: run npm run generate\n`)
  process.exitCode = 1
}

/** What stands between `<!-- name: … -->` and `<!-- end of name -->` is ours. */
function replacePart(whole: string, name: string, part: string): string {
  const place = new RegExp(`(<!-- ${name}: .*? -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`)
  if (!place.test(whole)) throw new Error(`${file} has no place for ${name}`)
  return whole.replace(place, (_, begin: string, end: string) => `${begin}${part}\n${end}`)
}

function tableOf(values: readonly ChartValue[]): string {
  const rows = values.map(({ path, preset, description }) => `| \`${path}\` | ${code(preset)} | ${cell(description)} |`)
  return ['', '| value | default | |', '|---|---|---|', ...rows, ''].join('\n')
}

/** A row for each alert: its page in docs/runbooks tells the rest. */
function alertTable(alerts: string): string {
  const rows = alerts
    .split(/^ *- alert: /m)
    .slice(1)
    .map((entry) => {
      const [name = ''] = entry.split('\n')
      const field = (key: string) => new RegExp(`^ *${key}: (.*)$`, 'm').exec(entry)?.[1] ?? missing(key, entry)
      const runbook = `../../docs/runbooks/${name}.md`
      return `| [${name}](${runbook}) | ${field('severity')} | ${waiting(field('for'))} | ${firstLine(runbook)} |`
    })
  return ['', '| alert | severity | fires | |', '|---|---|---|---|', ...rows, ''].join('\n')
}

/** What the page of an alert says first, below its name. */
function firstLine(runbook: string): string {
  const [, line = ''] = /^# .+\n\n(.+)$/m.exec(readFileSync(`${chart}/${runbook}`, 'utf8')) ?? []
  return cell(line)
}

function missing(name: string, entry: string): never {
  throw new Error(`rules/alerts.yaml: no ${name} in\n${entry}`)
}

function code(text: string): string {
  return text === '' ? '' : `\`${cell(text)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function waiting(time: string): string {
  return time === '0m' ? 'at once' : `after ${time}`
}
