import type { Round, Vantage } from '@oddnode/protocol'
import { type App, buildApp } from '../src/app.ts'
import type { Clock } from '../src/clock.ts'
import { loadConfig } from '../src/config.ts'
import type { KubernetesApi } from '../src/kubernetes/api.ts'
import { pathOf } from './pushing.ts'

/** 2026-11-21T09:00:00Z */
export const START = 1_795_251_600

const TICK_SECONDS = 5

/** A clock that stands until it is told to go on. */
export type HandClock = Clock & {
  advance: (seconds: number) => void /** Sets the wall clock. */
  set: (seconds: number) => void
}

export function handClock(): HandClock {
  let now = START
  let set = 0
  return {
    set: (seconds) => {
      set += seconds
    },
    setBy: () => {
      const by = set
      set = 0
      return by
    },
    now: () => now,
    mark: () => now * 1000,
    wallTime: (mark) => mark / 1000,
    advance: (seconds) => {
      now += seconds
    },
  }
}

export type TestApp = App & {
  clock: HandClock
  push: (
    node: string,
    vantage: Vantage,
    counter: number,
    round: Round,
    headers?: Record<string, string>,
  ) => Promise<Pushed>
  /** The report after an evaluation. */
  report: () => Promise<import('@oddnode/protocol').Report>
}
export type Pushed = { status: number; headers: Record<string, unknown>; body: Record<string, unknown> }

type Test = { teardown: (act: () => unknown) => void }

/** An aggregator with flags, on a clock by hand; closed when the test is over. */
export async function testApp(
  t: Test,
  flags: readonly string[] = [],
  options: { clock?: HandClock; secret?: string; api?: KubernetesApi } = {},
): Promise<TestApp> {
  const secretFlags = options.secret === undefined ? [] : ['--auth.mode=shared-secret', '--auth.secretFile=unread']
  const loaded = loadConfig({ arguments: ['--logLevel=silent', ...secretFlags, ...flags], environment: {} })
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'))
  const clock = options.clock ?? handClock()
  const app = await buildApp({
    config: loaded.value,
    secret: options.secret ?? null,
    api: options.api ?? null,
    clock,
    version: '0.1.0',
  })
  t.teardown(() => app.server.close())
  // A process that is told of time only now and then would take itself for frozen.
  const advance = (seconds: number) => {
    for (let left = seconds; left > 0; left -= TICK_SECONDS) {
      clock.advance(Math.min(left, TICK_SECONDS))
      app.tick()
    }
  }
  return {
    ...app,
    clock: { ...clock, advance },
    push: async (node, vantage, counter, round, headers = {}) => {
      const answer = await app.server.inject({
        method: 'PUT',
        url: pathOf(node, vantage, counter),
        payload: round,
        headers,
      })
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
    },
    report: async () => {
      app.tick()
      const answer = await app.server.inject('/report.json')
      return answer.json()
    },
  }
}
