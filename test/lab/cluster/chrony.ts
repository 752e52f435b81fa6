import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** chrony that serves the machine's own clock and never sets it (`-x`). @returns how to start it */
export function configureChrony(directory: string, addresses: readonly string[]): readonly string[] {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'chrony.conf')
  const lines = [
    'local stratum 2',
    'allow all',
    ...addresses.map((address) => `bindaddress ${address}`),
    'cmdport 0',
    'bindcmdaddress /',
    `pidfile ${directory}/chronyd.pid`,
    `driftfile ${directory}/drift`,
    '',
  ]
  writeFileSync(file, lines.join('\n'))
  return ['chronyd', '-x', '-n', '-u', 'root', '-f', file]
}
