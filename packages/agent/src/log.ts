export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** One line of JSON per call: time, level, message and the fields. Never a token. */
export type Log = {
  (level: LogLevel, message: string, fields?: Record<string, unknown>): void
  /** Lines of level debug are written: they are worth making. */
  isDebug: boolean
}

/** A logger that writes what is at least of this level. A library would cost more memory than the goal of an agent leaves. */
export function createLog(least: LogLevel, write: (line: string) => void): Log {
  const lowest = logLevels.indexOf(least)
  const log = (level: LogLevel, message: string, fields: Record<string, unknown> = {}) => {
    if (logLevels.indexOf(level) < lowest) return
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`)
  }
  return Object.assign(log, { isDebug: least === 'debug' })
}
