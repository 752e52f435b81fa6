import { states } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { worstFirst } from '../../../src/report/format.ts'
import { everyNode, NODES_PER_PAGE, selectNodes } from '../../../src/report/model/node-selection.ts'
import { summaryOf } from '../sample-moment.ts'
import { agentOf, nodeOf } from '../sample-report.ts'

const nodes = (count: number, changes: Parameters<typeof nodeOf>[2] = {}, prefix = 'n') =>
  Array.from({ length: count }, (_, i) => summaryOf(nodeOf(`${prefix}${i}`, [agentOf([])], changes)))

t.test('few nodes have a row each; of many those that are well are one', async (t) => {
  t.strictSame(selectNodes(nodes(5), everyNode).folded, [])
  const many = selectNodes([...nodes(2, { state: 'failing' }, 'odd'), ...nodes(500)], everyNode)
  t.strictSame(many.folded, [{ state: 'ok', count: 500, first: 'n0', last: 'n499' }])
  t.strictSame(
    many.shown.map(({ name }) => name),
    ['odd0', 'odd1'],
  )
  t.equal(many.pages, 1)
})

t.test('a silent node keeps its row, one that never reported need not', async (t) => {
  const silent = summaryOf(nodeOf('s', [agentOf([], { status: 'silent' })], { state: 'no-data' }))
  const expected = summaryOf(nodeOf('e', [agentOf([], { status: 'expected' })], { state: 'no-data' }))
  const { shown, folded } = selectNodes([silent, expected, ...nodes(20)], everyNode)
  t.strictSame(
    shown.map(({ name }) => name),
    ['s'],
  )
  t.strictSame(
    folded.map(({ state, count }) => [state, count]),
    [
      ['no-data', 1],
      ['ok', 20],
    ],
  )
})

t.test('words fit names and attributes, all of them', async (t) => {
  const fleet = [
    ...nodes(3, { attributes: { zone: 'eu-1a', kernel: '6.8' } }, 'a'),
    ...nodes(2, { attributes: { zone: 'eu-1b', kernel: '6.8' } }, 'b'),
  ]
  const matching = (q: string) => selectNodes(fleet, { ...everyNode, q }).matching
  t.equal(matching('zone=eu-1a'), 3)
  t.equal(matching('ZONE=EU-1A'), 3)
  t.equal(matching('zone=eu-1'), 0, 'the whole value')
  t.equal(matching('eu-1'), 5, 'a part')
  t.equal(matching('eu-1 b0'), 1)
  t.equal(matching('  '), 5)
  t.equal(matching('nobody'), 0)
})

t.test('a filter or a page hides no odd node silently', async (t) => {
  const fleet = [...nodes(1, { state: 'failing' }, 'odd'), ...nodes(200)]
  t.strictSame(selectNodes(fleet, { ...everyNode, state: 'ok' }).oddElsewhere, ['odd0'])
  const second = selectNodes(fleet, { ...everyNode, fold: false, page: 2 })
  t.strictSame(second.oddElsewhere, ['odd0'])
  t.equal(second.pages, 5)
  t.equal(selectNodes(fleet, { ...everyNode, fold: false, page: 99 }).page, 5, 'the last one there is')
})

t.test('every node is shown on one page, folded, or does not fit; odd ones are never folded', async () => {
  const anyNodes = fc
    .array(fc.constantFrom(...states), { maxLength: 300 })
    .map((list) =>
      list
        .map((state, i) => summaryOf(nodeOf(`n${i}`, [agentOf([])], { state })))
        .toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state)),
    )
  fc.assert(
    fc.property(anyNodes, fc.boolean(), fc.option(fc.constantFrom(...states)), (fleet, fold, state) => {
      const first = selectNodes(fleet, { ...everyNode, fold, state })
      const pages = Array.from({ length: first.pages }, (_, i) =>
        selectNodes(fleet, { q: '', fold, state, page: i + 1 }),
      )
      const shown = pages.flatMap((page) => page.shown)
      const folded = first.folded.reduce((sum, { count }) => sum + count, 0)
      const odd = fleet.filter((node) => node.state === 'failing' || node.state === 'degraded')
      return (
        shown.length + folded === first.matching &&
        new Set(shown).size === shown.length &&
        pages.every((page) => page.shown.length <= NODES_PER_PAGE) &&
        pages.every((page) => odd.every((node) => page.shown.includes(node) || page.oddElsewhere.includes(node.name)))
      )
    }),
  )
})
