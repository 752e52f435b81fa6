import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { print, printError } from '../src/print.ts'
import { answering, reporting } from './aggregator.ts'
import { inTerminal, oddnode } from './oddnode.ts'

t.setTimeout(120_000)

t.test('a long report goes through a pipe whole', async (t) => {
  const text = `${'The report goes on. '.repeat(50)}\n`.repeat(2000)
  const { url } = await answering(t, reporting('ok', text))
  const { code, stdout } = await oddnode(['report', url])
  t.equal(code, 0)
  t.equal(stdout.length, text.length)
})

t.test('nothing from outside turns the terminal over, not even in an error', async (t) => {
  const hostile = '✕ FAILING  a\u001b]0;owned\u0007\u001b[2J\u202e\n'
  const { url } = await answering(t, reporting('failing', hostile))
  const terminal = inTerminal(t, ['report', url], { environment: { NO_COLOR: '1' } })
  t.equal(await terminal.ended, 2)
  t.equal(terminal.screen(), '✕ FAILING  a⟨U+001B⟩]0;owned⟨U+0007⟩⟨U+001B⟩[2J⟨U+202E⟩\r\n')
  const file = join(t.testdir({}), 'incident\u001b[2J.gz')
  writeFileSync(file, gzipSync('{}'))
  t.match(await oddnode(['replay', file]), { code: 1, stderr: /incident⟨U\+001B⟩\[2J\.gz/ })
})

t.test('on a terminal lines are as wide as it is, and coloured', async (t) => {
  const { url } = await answering(t, reporting('failing', '✕ FAILING  1 of 3 nodes differs: pods cannot reach it.\n'))
  const terminal = inTerminal(t, ['report', url], { columns: 30 })
  await terminal.ended
  t.equal(terminal.screen().split('\r\n').length, 4)
  t.match(terminal.screen(), '\u001b[31m✕')
})

t.test('it is the exit code that a command says', async (t) => {
  const before = process.exitCode
  print({ exitCode: 0, output: '', error: '' })
  t.equal(process.exitCode, 0)
  process.exitCode = before
  t.type(printError, 'function')
})
