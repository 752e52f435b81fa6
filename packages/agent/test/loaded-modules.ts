import { execFileSync } from 'node:child_process'

/** Node's own modules that a fresh process has loaded after it imported this file. */
export function loadedModules(file: URL): string[] {
  const script = `await import(${JSON.stringify(file.href)}); console.log(JSON.stringify(process.moduleLoadList))`
  const output = execFileSync(
    process.execPath,
    ['--conditions=@oddnode/source', '--input-type=module', '--eval', script],
    {
      encoding: 'utf8',
      env: {},
    },
  )
  return (JSON.parse(output) as string[]).flatMap((entry) => entry.split('NativeModule ')[1] ?? [])
}
