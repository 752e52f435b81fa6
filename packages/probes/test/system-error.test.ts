import t from 'tap'
import { failureOf } from '../src/system-error.ts'

const errorOf = (code: string) => Object.assign(new Error('it failed'), { code })

t.test('every error of the kernel has its outcome and keeps its name', async (t) => {
  const wanted = {
    ECONNREFUSED: 'refused',
    ECONNRESET: 'closed',
    EPIPE: 'closed',
    ENETUNREACH: 'unreachable',
    EHOSTUNREACH: 'unreachable',
    ENETDOWN: 'unreachable',
    EINVAL: 'unreachable',
    EPERM: 'denied',
    EACCES: 'denied',
    ETIMEDOUT: 'timeout',
    EMFILE: 'local-error',
    ENOBUFS: 'local-error',
    EADDRINUSE: 'local-error',
  }
  for (const [code, outcome] of Object.entries(wanted)) {
    t.strictSame(failureOf(errorOf(code)), { outcome, error: code })
  }
})

t.test('an error without a code keeps its message', async (t) => {
  t.strictSame(failureOf(new Error('odd')), { outcome: 'local-error', error: 'odd' })
})
