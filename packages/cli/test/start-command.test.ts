import { once } from 'node:events'
import { Command } from 'commander'
import t from 'tap'
import { addStart } from '../src/start-command.ts'
import { ended, oddnode, start } from './oddnode.ts'

t.setTimeout(120_000)

t.test('it prints where the report is, and SIGTERM stops it in order', async (t) => {
  const etc = t.testdir({ 'resolv.conf': 'nameserver 127.99.99.53\nnameserver 127.99.99.54\n' })
  const child = start(['start', '--etc', etc])
  t.teardown(() => child.kill('SIGKILL'))
  const run = ended(child)
  let said = ''
  child.stdout?.on('data', (text: string) => {
    said += text
  })
  while (!said.includes('Ctrl-C stops both.')) await once(child.stdout ?? child, 'data')
  const url = /report +(\S+)/.exec(said)?.[1] ?? ''
  t.equal((await fetch(url, { headers: { accept: 'text/plain' } })).status, 200)
  t.match(said, /asks +127\.99\.99\.53, the first nameserver of .*; not looked at: 127\.99\.99\.54\n/)
  t.match(said, /clock +not looked at: name NTP servers with --ntp\n/)
  child.kill('SIGTERM')
  t.match(await run, { code: 0, stdout: /\nstopping\n$/, stderr: '' })
})

t.test('what keeps it from starting is told', async (t) => {
  for (const [option, value] of [
    ['--ntp', 'time.example'],
    ['--ntp', '127.0.0.1:99999'],
    ['--external', 'a..b'],
  ] as const) {
    const { code, stdout, stderr } = await oddnode(['start', option, value])
    t.match([code, stdout], [78, ''], `${option} ${value}`)
    t.ok(
      stderr.includes(`${option} `) && stderr.includes(`"${value}": allowed is`) && !stderr.includes('targets.'),
      stderr,
    )
  }
  t.match(await oddnode(['start', '--port', 'http']), { code: 78, stderr: /from 1 to 65535/ })
  t.equal(addStart(new Command(), '0.0.0').name(), 'start')
})
