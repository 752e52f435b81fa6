import { clockConsequence } from './clock-consequence.ts'
import type { ClockGroup } from './clock-groups.ts'
import type { WrongClock } from './clock-verdict.ts'
import { byCount, clocksWords } from './clock-words.ts'
import { median } from './median.ts'
import { directionWords, durationWords, listWords } from './words.ts'

/**
 * `node-3's clock is 94 s behind the other nodes`, `the clocks of a and b are about 94 s ahead of NTP server 192.0.2.1`.
 * @param nodes whose clocks these are, and others that were off with them
 */
export function offWords(clocks: readonly WrongClock[], nodes: readonly string[]): string {
  const seconds = median(clocks.map(({ offset }) => offset.offsetSeconds))
  const isSame = clocks.every(({ offset }) => durationWords(offset.offsetSeconds) === durationWords(seconds))
  const size = `${isSame ? '' : 'about '}${durationWords(seconds)}`
  const references = clocks.map(({ offset }) => offset.reference)
  return `${clocksWords(nodes)} ${byCount(nodes, 'is', 'are')} ${size} ${directionWords(seconds)} ${referenceWords(references)}`
}

const doubts = {
  server: '; no second server was asked, so it may be that one which is off',
  implementation: '; only one implementation of NTP could read it',
}

/** What it breaks, and how sure that is: what follows the words above. @param count of nodes */
export function doubtWords([clock]: ClockGroup['clocks'], count: number): string {
  const { contradictedBy, onOneWordOf, offset, isOfMost } = clock
  if (contradictedBy !== null) {
    const ntp = `${durationWords(contradictedBy.offsetSeconds)} ${directionWords(contradictedBy.offsetSeconds)}`
    return `, but ${ntp} ${referenceWords([contradictedBy.reference])}; which of them is wrong cannot be told`
  }
  const consequence = clockConsequence(offset.offsetSeconds, count)
  const most = isOfMost ? '; most of the nodes are off, and NTP says that the others are right' : ''
  const breaks = consequence === null ? '' : `: ${consequence}`
  return `${breaks}${most}${onOneWordOf === null ? '' : doubts[onOneWordOf]}`
}

/** `the other nodes`, `NTP server 192.0.2.1`, `NTP servers 192.0.2.1 and 192.0.2.2`. */
function referenceWords(references: readonly string[]): string {
  const byNtp = references.filter((one) => one.startsWith('ntp '))
  const servers = [...new Set(byNtp.flatMap((one) => one.split(' ').slice(1)))]
  if (servers.length === 0) return references[0] ?? ''
  return `NTP server${servers.length > 1 ? 's' : ''} ${listWords(servers.sort())}`
}
