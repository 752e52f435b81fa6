import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Test = { teardown: (act: () => unknown) => void }

/** Mounts a disk of its own for a test. @param size as mount(8) takes it, e.g. `512k` @returns its folder */
export function smallDisk(t: Test, size: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-disk-'))
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  t.teardown(() => {
    spawnSync('umount', ['--lazy', folder])
    rmdirSync(folder)
  })
  return folder
}

/** @returns why this machine cannot mount a small disk, or false if it can */
export function noSmallDisk(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux to mount a small disk'
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt'])
  return tried.status === 0 ? false : 'this machine does not let us mount a small disk'
}
