/** A line of a finding's `confirm`, taken apart. */
export type Command = {
  /** Where it is to be typed, or for whom; null where anywhere will do. */
  place: string | null
  text: string
}

/** `on node-3: date -u` says where, and what to type there; `with Cilium: kubectl …` where it can be typed at all. */
export function commandOf(line: string): Command {
  const parts = /^((?:with|on|in) [^:]+): (.+)$/su.exec(line)
  return parts === null ? { place: null, text: line } : { place: parts[1] ?? null, text: parts[2] ?? '' }
}
