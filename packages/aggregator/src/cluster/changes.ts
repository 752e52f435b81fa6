/** Remembers when something was last different. */
export type ChangeTime = {
  /**
   * @param noted when it last changed as somebody else noted it, in Unix seconds; asked only at first sight
   * @returns when it last changed; null where nobody knows
   */
  of: (value: unknown, at: number, noted: number | null) => number | null
}

export function createChangeTime(): ChangeTime {
  let known: string | null = null
  let changedAt: number | null = null
  return {
    of: (value, at, noted) => {
      const text = JSON.stringify(value)
      if (text === known) return changedAt
      changedAt = known === null ? (noted === null ? null : Math.min(noted, at)) : at
      known = text
      return changedAt
    },
  }
}
