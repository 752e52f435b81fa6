export type Command = {
  /** Where it is to be typed; null where anywhere will do. */
  place: string | null
  text: string
}

/** `on node-3: date -u` says where, and what to type there. */
export function commandOf(line: string): Command {
  const parts = /^((?:with [^:,]+, )?(?:on|in) [^:]+): (.+)$/su.exec(line)
  return parts === null ? { place: null, text: line } : { place: parts[1] ?? null, text: parts[2] ?? '' }
}
