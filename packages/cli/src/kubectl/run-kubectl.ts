import { spawn } from 'node:child_process'

/** What a run of kubectl came to. */
export type KubectlRun = { output: string } | { error: string }

/** The plain words for what starts no process. */
export function spawnProblem({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'kubectl is not installed, or not in PATH' : `kubectl cannot be started: ${message}`
}

/** Runs kubectl to its end. @returns its stdout, or its first line of stderr where it failed. Never rejects */
export function runKubectl(args: readonly string[], signal: AbortSignal): Promise<KubectlRun> {
  return new Promise((resolve) => {
    const child = spawn('kubectl', args, { stdio: ['inherit', 'pipe', 'pipe'], signal })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.on('error', (error) => resolve({ error: spawnProblem(error) }))
    child.on('close', (code) => resolve(code === 0 ? { output } : { error: firstError(errors) }))
  })
}

/** kubectl warns before it fails: its last line is what it failed of. */
export const firstError = (errors: string): string =>
  errors
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1)
    ?.replace(/^(error|Error from server[^:]*): /i, '') ?? 'kubectl failed and did not say why'
