import type { State } from '@oddnode/protocol'

/** The glyphs of the report: no colour is needed to read a state. */
export const glyphs: Readonly<Record<State, string>> = { ok: '✓', degraded: '▲', failing: '✕', 'no-data': '·' }
