import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKubernetesApi, type KubernetesApi } from '../../src/kubernetes/api.ts'

type Test = { teardown: (act: () => unknown) => void; testdir: () => string }

/** A client of a test's API server, with a token in a file of its own. */
export function connect(t: Test, address: string): KubernetesApi & { tokenFile: string } {
  const tokenFile = join(t.testdir(), 'token')
  writeFileSync(tokenFile, 'first\n')
  const api = createKubernetesApi({ address, tokenFile, caFile: '/nowhere' })
  t.teardown(() => api.close())
  return { ...api, tokenFile }
}
