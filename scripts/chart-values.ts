/** One value of the chart, as its README lists it. */
export type ChartValue = {
  /** `agent.image.tag` */
  path: string
  /** As it is written in values.yaml; of a block below its key the text on one line, or … where it is long. */
  preset: string
  /** The comment `# -- …` above the key. */
  description: string
}

type Line = { indent: number; key: string; value: string; description: string | undefined; below: string[] }

/**
 * Reads what values.yaml documents: each key under a comment `# -- …`, with the path of the keys around it. It reads the subset of YAML that the file is written in, which is block
 * mappings of one key a line.
 * @throws if a key has neither a comment nor documented keys below it
 */
export function chartValues(yaml: string): ChartValue[] {
  const values: ChartValue[] = []
  const path: Line[] = []
  for (const line of linesOf(yaml)) {
    while ((path.at(-1)?.indent ?? -1) >= line.indent) path.pop()
    path.push(line)
    if (line.description !== undefined) {
      const preset = line.value || flowOf(line.below)
      values.push({ path: path.map(({ key }) => key).join('.'), preset, description: line.description })
    } else if (line.value !== '') throw new Error(`values.yaml: ${line.key} has no comment "# -- …"`)
  }
  return values
}

/** The keys; below a documented one its own block is text, not keys. */
function linesOf(yaml: string): Line[] {
  const lines: Line[] = []
  let description: string | undefined
  for (const text of yaml.split('\n')) {
    const last = lines.at(-1)
    const indent = text.search(/\S/)
    if (indent === -1) continue
    const comment = /^ *# -- (.*)$/.exec(text)?.[1]
    const [, key = '', value = ''] = /^ *([A-Za-z]+): *(.*)$/.exec(text) ?? []
    if (comment !== undefined) description = comment
    else if (last?.description !== undefined && last.value === '' && indent > last.indent) last.below.push(text)
    else if (key !== '') {
      lines.push({ indent, key, value, description, below: [] })
      description = undefined
    }
  }
  return lines
}

const LONGEST_BLOCK = 60

/** Enough to recognise a default by. */
function flowOf(block: readonly string[]): string {
  const text = block.map((line) => line.trim()).join(' ')
  return text.length > LONGEST_BLOCK ? '…' : text
}
