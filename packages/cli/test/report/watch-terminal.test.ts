import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { answering, reporting } from '../aggregator.ts'
import { CTRL_C, CTRL_Z, inTerminal } from '../oddnode.ts'

// Programs start slowly on a busy machine.
t.setTimeout(120_000)

const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'

/** What is left on a terminal after the alternate screen was given back. */
const after = (screen: string) => screen.slice(screen.lastIndexOf(LEAVE) + LEAVE.length)

t.test(
  'it is drawn over in the alternate screen, outlives the aggregator, and Ctrl-C gives the terminal back',
  async (t) => {
    const first = await answering(t, reporting('failing', '✕ FAILING  the first report\n'))
    const port = Number(new URL(first.url).port)
    const terminal = inTerminal(t, ['report', first.url, '--watch', '1'])
    await terminal.until('the first report')
    t.ok(terminal.screen().startsWith(ENTER))
    await first.close()
    await terminal.until(/NOT REACHABLE.*since \d\d:\d\d:\d\d UTC/)
    const lastFrame = terminal.screen().slice(terminal.screen().lastIndexOf('NOT REACHABLE'))
    t.match(lastFrame, 'the first report', 'the last report stays')
    await answering(t, reporting('ok', '✓ OK  the second report\n'), port)
    await terminal.until('the second report')
    terminal.type(CTRL_C)
    t.equal(await terminal.ended, 0, 'the exit code is that of the last report')
    t.equal(terminal.screen().split(LEAVE).length, 2)
    t.notMatch(after(terminal.screen()), /report/)
    t.notMatch(terminal.screen(), '\u001b[2J', 'the screen is never cleared, which would flicker')
  },
)

t.test('a report that fails at the last is exit code 2', async (t) => {
  const { url } = await answering(t, reporting('failing'))
  const terminal = inTerminal(t, ['report', url, '-w'])
  await terminal.until('the report, failing')
  terminal.type(CTRL_C)
  t.equal(await terminal.ended, 2)
})

t.test('an aggregator that was never there takes no screen', async (t) => {
  const terminal = inTerminal(t, ['report', 'http://127.0.0.1:1', '--watch'])
  t.equal(await terminal.ended, 1)
  t.match(terminal.screen(), /oddnode: cannot ask .*ECONNREFUSED/)
  t.notMatch(terminal.screen(), ENTER)
})

t.test('a stopped watch gives the screen back, and takes it again when it goes on', async (t) => {
  const { url } = await answering(t, reporting('ok'))
  const terminal = inTerminal(t, ['report', url, '--watch', '1'])
  await terminal.until('the report, ok')
  terminal.type(CTRL_Z)
  // script(1) stops with the program, now and then before it has passed on what that wrote last.
  await sleep(1000)
  t.equal(terminal.screen().split(ENTER).length, 2, 'it draws nothing')
  terminal.resume()
  await terminal.until(`${LEAVE}${ENTER}`)
  terminal.type(CTRL_C)
  t.equal(await terminal.ended, 0)
})
