import t from 'tap'
import { type JsonSchema, openapiMarkdown } from '../../scripts/openapi-markdown.ts'

const scope: JsonSchema = {
  title: 'Scope',
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: ['node', 'cluster'], description: 'What it is about' },
    shared: { type: 'object', patternProperties: { '^.*$': { type: 'string' } } },
  },
}

const finding: JsonSchema = {
  title: 'Finding',
  description: 'What is wrong.',
  type: 'object',
  required: ['id', 'ended', 'scope', 'counts', 'others'],
  properties: {
    id: { type: 'string', pattern: '^a|b$' },
    ended: { anyOf: [{ type: 'string', description: 'RFC 3339' }, { type: 'null' }] },
    scope,
    counts: { type: 'object', required: ['odd'], properties: { odd: { type: 'integer', minimum: 0 } } },
    others: { type: 'array', items: { type: 'object', properties: { scope } } },
  },
}

const problem: JsonSchema = { title: 'Problem', type: 'object' }

const json = (schema: JsonSchema) => ({ 'application/json': { schema } })

const page = openapiMarkdown({
  paths: {
    '/report.json': {
      get: {
        summary: 'The report',
        description: 'As it stands.',
        parameters: [{ name: 'at', in: 'query', description: 'a moment', schema: { type: 'string' } }],
        responses: {
          '200': { description: 'Default Response', content: json(finding) },
          '404': { content: json(problem) },
        },
      },
    },
    '/livez': { get: { summary: 'Lives', responses: { '200': { content: { 'text/plain': {} } } } } },
  },
})

t.test('a table of the routes, and a section for each', async (t) => {
  t.match(page, '| [`GET /report.json`](#get-reportjson) | The report |\n| [`GET /livez`](#get-livez) | Lives |')
  t.match(page, '### GET /report.json\n\nThe report. As it stands.\n\n| parameter | in | allowed |  |')
  t.match(page, '| `at` | query, optional | string | A moment |')
  t.match(
    page,
    '| `200` | `application/json`: [Finding](#finding) |\n| `404` | `application/json`: [Problem](#problem) |',
  )
})

t.test('a shape is written once, with the shapes that it is made of', async (t) => {
  t.equal(page.split('### Scope').length, 2)
  t.match(page, '### Finding\n\nWhat is wrong.\n')
  t.match(page, '| `id` | string like `^a\\|b$` |')
  t.match(page, '| `ended` | string or null | RFC 3339 |')
  t.match(page, '| `scope` | [Scope](#scope) |')
  t.match(page, '| `counts.odd` | integer, at least 0 |')
  t.match(page, '| `others[].scope` | [Scope](#scope), may be absent |')
  t.match(page, '| `kind` | `node`, `cluster` | What it is about |')
  t.match(page, '| `shared` | object of string, may be absent |')
})

t.test('one page in several forms is one section, with what each form answers', async (t) => {
  const forms = openapiMarkdown({
    paths: {
      '/report': {
        get: { summary: 'Any', responses: { '200': { content: { 'text/html': {}, 'application/json': {} } } } },
      },
      '/report.json': { get: { summary: 'JSON', responses: { '200': { content: json(finding) } } } },
      '/report.txt': { get: { summary: 'Text', responses: { '200': { content: { 'text/plain': {} } } } } },
    },
  })
  t.notMatch(forms, '### GET /report.json')
  t.match(forms, 'With `.json`, `.txt` behind the path')
  t.match(forms, '| `200` | `text/html`; `application/json`: [Finding](#finding); `text/plain` |')
})

t.test('shapes of our own programs are named only', async (t) => {
  const put = { summary: 'Takes', tags: ['agents'], requestBody: { content: json(finding) } }
  const own = openapiMarkdown({ paths: { '/v1/rounds': { put } } })
  t.match(own, 'Body: `application/json`: Finding.')
  t.notMatch(own, '## Shapes')
})

t.test('a route without a summary is an error', async (t) => {
  t.throws(() => openapiMarkdown({ paths: { '/report': { get: {} } } }), /GET \/report has no summary/)
})
