import t from 'tap'
import { firstError, runKubectl, spawnProblem } from '../../src/kubectl/run-kubectl.ts'
import { standIn } from './stand-in.ts'

const { signal } = new AbortController()
const { PATH } = process.env
t.afterEach(() => {
  process.env['PATH'] = PATH
})

t.test('what it prints, or the last thing that it says before it fails', async (t) => {
  process.env['PATH'] = standIn(t, {
    get: 'case $1 in a) echo out ;; *) echo "Warning: old" >&2; echo "error: no context" >&2; exit 1 ;; esac',
  }).path
  t.strictSame(await runKubectl(['a'], signal), { output: 'out\n' })
  t.strictSame(await runKubectl(['b'], signal), { error: 'no context' })
})

t.test('a machine without kubectl', async (t) => {
  process.env['PATH'] = t.testdir({})
  t.strictSame(await runKubectl(['a'], signal), { error: 'kubectl is not installed, or not in PATH' })
})

t.test('it can be ended', async (t) => {
  process.env['PATH'] = standIn(t, { get: 'exec sleep 600' }).path
  const ending = new AbortController()
  setTimeout(() => ending.abort(), 50)
  t.match(await runKubectl(['a'], ending.signal), { error: /aborted/ })
})

t.test('errors in words', async (t) => {
  t.equal(firstError('Error from server (Forbidden): services is forbidden\n'), 'services is forbidden')
  t.equal(firstError(''), 'kubectl failed and did not say why')
  t.match(spawnProblem(Object.assign(new Error('spawn EACCES'), { code: 'EACCES' })), /cannot be started: spawn EACCES/)
})
