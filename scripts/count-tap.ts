/** What the TAP of a whole run says of its leaves: assertions that hold no other assertions. */
export type Counted = {
  passed: number
  /** `file › test › assertion` of each that failed, with the lines that tap says of it below. */
  failed: string[]
  /** `name: reason` of each test that was left out. */
  skipped: string[]
}

type Line = { indent: number; ok: boolean; name: string; skip: string | null }

/** Opens a subtest; its points stand one level deeper. */
const SUBTEST = /^( *)# Subtest: (.*)$/
/** What is said of a point follows it as a block of YAML, between these lines. */
const [YAML_START, YAML_END] = ['---', '...']
/** Spaces of one level. */
const LEVEL = 4

/** A test point, at any depth: `    ok 3 - name # SKIP reason`. */
const POINT = /^( *)(not )?ok(?: \d+)?(?: - )?(.*?)(?: # (SKIP|TODO|time=)\s*(.*?))?(?: \{)?$/i

/**
 * Counts a TAP 14 stream. A point that closes a subtest repeats what stands indented above it, so only points without children count.
 */
export function countTap(tap: string): Counted {
  const counted: Counted = { passed: 0, failed: [], skipped: [] }
  const path: string[] = []
  let deepest = 0
  let isYaml = false
  /** What is said of the point above goes to the last of `failed`. */
  let isOfFailed = false
  for (const text of tap.split('\n')) {
    if (isYaml || text.trim() === YAML_START) {
      isYaml = text.trim() !== YAML_END
      if (isYaml && isOfFailed) counted.failed.push(`${counted.failed.pop() ?? ''}\n${text.trimEnd()}`)
      continue
    }
    const opened = SUBTEST.exec(text)
    if (opened) path[(opened[1] ?? '').length / LEVEL] = opened[2] ?? ''
    const line = pointOf(text)
    if (!line) continue
    const closesSubtest = line.indent < deepest
    deepest = line.indent
    isOfFailed = !(closesSubtest || line.ok || line.skip !== null)
    if (closesSubtest && line.skip === null) continue
    if (line.skip !== null)
      counted.skipped.push(line.skip ? `${line.name}: ${line.skip}` : `${line.name}: no reason given`)
    else if (line.ok) counted.passed++
    else counted.failed.push([...path.slice(0, line.indent / LEVEL), line.name].join(' › '))
  }
  return counted
}

function pointOf(text: string): Line | null {
  const match = POINT.exec(text)
  if (!match) return null
  const [, indent = '', not, name = '', directive = '', reason = ''] = match
  return { indent: indent.length, ok: not === undefined, name, skip: /skip|todo/i.test(directive) ? reason : null }
}
