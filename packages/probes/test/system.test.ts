import { join } from 'node:path'
import t from 'tap'
import { prettyName, readSystem } from '../src/system.ts'

t.test('the name of the operating system', async (t) => {
  t.equal(prettyName('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'), 'Debian GNU/Linux 12 (bookworm)')
  t.equal(prettyName("PRETTY_NAME='Talos (v1.8)'"), 'Talos (v1.8)')
  t.equal(prettyName('PRETTY_NAME=Alpine'), 'Alpine')
  t.equal(prettyName('NAME=x\n'), undefined)
})

t.test('this machine, with and without os-release', async (t) => {
  const etc = t.testdir({ 'os-release': `PRETTY_NAME="${'x'.repeat(300)}"\n` })
  const system = await readSystem(etc)
  t.equal(system.os.length, 128)
  t.match(system, { kernel: /^\d+\.\d+/, hostname: /./, nodeVersion: /^\d+\./ })
  t.match(await readSystem(join(etc, 'missing')), { os: /^\w+$/ })
})
