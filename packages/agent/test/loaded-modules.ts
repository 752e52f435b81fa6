import { execFileSync } from 'node:child_process'

/** Node's own modules that a fresh process has loaded after it imported this file. */
export function loadedModules(file: URL): string[] {
  const list: string[] = run(
    `await import(${JSON.stringify(file.href)}); console.log(JSON.stringify(process.moduleLoadList))`,
  )
  return list.flatMap((entry) => entry.split('NativeModule ')[1] ?? [])
}

/** The URLs of all files that a fresh process has loaded after it imported this one. */
export function loadedFiles(file: URL): string[] {
  return run(`import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
    await import(${JSON.stringify(file.href)})
    console.log(JSON.stringify(seen))`)
}

function run(script: string): string[] {
  const flags = ['--conditions=@oddnode/source', '--input-type=module', '--eval', script]
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8', env: {} }))
}
