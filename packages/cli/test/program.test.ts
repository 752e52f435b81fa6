import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import t from 'tap'
import { createProgram, runProgram, version } from '../src/program.ts'
import { answering, reporting } from './aggregator.ts'
import { ended, oddnode } from './oddnode.ts'

t.setTimeout(120_000)

t.test('the version is that of the package, and help is no error', async (t) => {
  t.match(await oddnode(['--version']), { code: 0, stdout: `${version}\n` })
  t.match(await oddnode(['help', 'check']), { code: 0, stdout: /Examples:\n {2}oddnode check\n/ })
  t.equal(createProgram('x').name(), 'x')
  t.type(runProgram, 'function')
})

t.test('a wrong word is exit code 78 and suggests the nearest', async (t) => {
  t.match(await oddnode(['chekc']), { code: 78, stderr: /unknown command 'chekc'\n\(Did you mean check\?\)/ })
  t.match(await oddnode(['report', 'http://127.0.0.1:1', '--wach']), { code: 78, stderr: /Did you mean --watch\?/ })
  t.match(await oddnode([]), { code: 78, stderr: /^Usage: oddnode/ })
})

t.test('whoever stops reading the output makes no error', async (t) => {
  const { url } = await answering(t, reporting('failing', 'a line of the report\n'.repeat(50_000)))
  const main = resolve(import.meta.dirname, '../src/main.ts')
  const shell = spawn(
    'bash',
    ['-o', 'pipefail', '-c', `'${process.execPath}' --conditions=@oddnode/source '${main}' report ${url} | head -1`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const { code, stdout, stderr } = await ended(shell)
  t.strictSame([code, stdout, stderr], [2, 'a line of the report\n', ''])
})

t.test('a full disk is an error', async (t) => {
  const { url } = await answering(t, reporting('ok'))
  const main = resolve(import.meta.dirname, '../src/main.ts')
  const command = `'${process.execPath}' --conditions=@oddnode/source '${main}' report ${url} > /dev/full`
  t.match(await ended(spawn('bash', ['-c', command])), {
    code: 1,
    stderr: 'oddnode: cannot write the output: ENOSPC\n',
  })
})
