import type { Lab } from './lab.ts'
import { OUTSIDE, outside } from './layout.ts'
import { script } from './programs.ts'

const LIAR = 'lying ntp'

/** A server that lies takes the third one's place. */
export async function replaceNtp(lab: Lab, ...what: readonly string[]): Promise<void> {
  lab.processes.define(LIAR, OUTSIDE, script('ntp-server', outside.ntp[2], ...what))
  await lab.processes.stop('ntp-3')
  lab.processes.start(LIAR)
}

export async function restoreNtp({ processes }: Lab): Promise<void> {
  await processes.stop(LIAR)
  processes.start('ntp-3')
}
