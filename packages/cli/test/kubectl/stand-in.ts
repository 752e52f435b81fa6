// A program called kubectl that says what a test wants, and remembers how it was called.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Test = { testdir: (files: Record<string, string>) => string }

export type StandIn = {
  /** With this PATH `kubectl` is the stand-in. */
  path: string
  /** The arguments of each call. */
  calls: () => string[]
  /** Process ids of those that forward, or did. */
  forwarding: () => number[]
}

export const serviceList = (...services: { namespace: string; name: string; port: number }[]): string =>
  JSON.stringify({
    kind: 'List',
    items: services.map(({ namespace, name, port }) => ({
      metadata: { namespace, name },
      spec: {
        ports: [
          { name: 'metrics', port: 1 },
          { name: 'http', port },
        ],
      },
    })),
  })

/**
 * @param get what `kubectl get` does, in sh
 * @param forward what `kubectl port-forward` does, in sh; it goes on until it is ended unless it exits
 */
export function standIn(t: Test, { get = 'exit 1', forward = 'exit 1' }: { get?: string; forward?: string }): StandIn {
  const dir = t.testdir({})
  const file = join(dir, 'kubectl')
  const calls = join(dir, 'calls')
  const pids = join(dir, 'pids')
  writeFileSync(
    file,
    `#!/bin/sh
echo "$*" >> '${calls}'
case "$*" in
*port-forward*) echo $$ >> '${pids}'
${forward}
exec sleep 600 ;;
*) ${get} ;;
esac
`,
  )
  chmodSync(file, 0o755)
  const linesOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [])
  return {
    path: `${dir}:${process.env['PATH']}`,
    calls: () => linesOf(calls),
    forwarding: () => linesOf(pids).map(Number),
  }
}

/** Shows these Services. */
export const shows = (json: string): string => `cat <<'END'\n${json}\nEND\n`

export const forwards = (port: number | string): string => `echo "Forwarding from 127.0.0.1:${port} -> 8530"`

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
