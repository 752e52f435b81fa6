import type { Names, Question } from '@oddnode/protocol'
import { controlQuestions, questions } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { questionFor as ofProbe } from '../src/question.ts'

const names: Names = {
  clusterDomain: 'cluster.local',
  namespace: 'oddnode',
  external: 'example.com',
  canary: 'agents.oddnode.svc.cluster.local',
}
const nothing: Names = { clusterDomain: null, namespace: null, external: null, canary: null }
const half = () => 0.5
const questionFor = (question: Question, known: Names, turn: number, random?: () => number) =>
  ofProbe({ question }, known, turn, random)

t.test('each question is what the catalogue says', async (t) => {
  const wanted: Partial<Record<Question, [name: string, type: string, klass: string]>> = {
    kubernetes: ['kubernetes.default.svc.cluster.local', 'A', 'IN'],
    version: ['dns-version.cluster.local', 'TXT', 'IN'],
    soa: ['cluster.local', 'SOA', 'IN'],
    missing: ['p3.oddnode.svc.cluster.local', 'A', 'IN'],
    external: ['example.com', 'A', 'IN'],
    invalid: ['8888888888888888.invalid', 'A', 'IN'],
    canary: ['agents.oddnode.svc.cluster.local', 'A', 'IN'],
    pair: ['kubernetes.default.svc.cluster.local', 'A', 'IN'],
    case: ['kubernetes.default.svc.cluster.local', 'A', 'IN'],
    identity: ['id.server', 'TXT', 'CH'],
    trap: ['example.com', 'A', 'IN'],
  }
  for (const [question, [name, type, klass]] of Object.entries(wanted)) {
    t.strictSame(questionFor(question as Question, names, 3, half), { name, type, class: klass }, question)
  }
})

t.test('a question without its name is not asked; the root and the server itself are always known', async (t) => {
  const asked = questions.filter((question) => questionFor(question, nothing, 0) !== null)
  t.strictSame(asked, ['soa', 'invalid', 'identity'])
  t.strictSame(questionFor('soa', nothing, 0), { name: '', type: 'SOA', class: 'IN' })
})

t.test('missing goes through sixteen names in turn', async (t) => {
  const asked = Array.from({ length: 32 }, (_, turn) => questionFor('missing', names, turn)?.name)
  t.equal(new Set(asked).size, 16)
  t.equal(asked[16], asked[0])
})

t.test('large and wildcard ask for the name of their probe', async (t) => {
  for (const question of ['large', 'wildcard'] as const) {
    const asked = ofProbe({ question, name: 'some.example.com' }, nothing, 0)
    t.strictSame(asked, { name: 'some.example.com', type: 'A', class: 'IN' }, question)
    t.equal(ofProbe({ question }, names, 0), null)
  }
})

t.test('what is no DNS asks no question', async (t) => {
  for (const question of controlQuestions) t.equal(questionFor(question, names, 0), null, question)
})

t.test('a final dot is not a part of the name', async (t) => {
  t.equal(questionFor('external', { ...names, external: 'example.com.' }, 0)?.name, 'example.com')
})

t.test('case: the same name, in letters of both cases', async (t) => {
  const asked = Array.from({ length: 20 }, () => questionFor('case', names, 0)?.name ?? '')
  t.ok(asked.every((name) => name.toLowerCase() === 'kubernetes.default.svc.cluster.local'))
  t.ok(new Set(asked).size > 1)
})

t.test('invalid: sixteen hexadecimal digits, new each time', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) => {
        const next = () => numbers.next().value
        return /^[0-9a-f]{16}\.invalid$/.test(questionFor('invalid', nothing, 0, next)?.name ?? '')
      }),
    ),
  )
  t.not(questionFor('invalid', nothing, 0)?.name, questionFor('invalid', nothing, 0)?.name)
})
