import { type State, states } from '@oddnode/protocol'
import { type Static, Type } from 'typebox'
import type { NodeQuery } from '../report/model/node-selection.ts'

const { Optional } = Type

/** What a reader of the page may ask for of its nodes. */
export const pageParameters = {
  q: Optional(
    Type.String({
      maxLength: 256,
      description: 'Words that a node must have in its name or an attribute; `zone=a` names an attribute.',
    }),
  ),
  state: Optional(Type.Enum(['', ...states], { description: 'Only nodes of this state.' })),
  fold: Optional(Type.Enum(['yes', 'no'], { description: '`no`: a row for each node, alike or not.' })),
  page: Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}$', description: 'Page of the nodes, from 1.' })),
}

const parameters = Type.Object(pageParameters)
export type PageParameters = Static<typeof parameters>

/** The nodes that a query string asks for. A form sends what was left empty as ''. */
export function nodeQueryOf({ q = '', state = '', fold = 'yes', page = '1' }: PageParameters): NodeQuery {
  return { q, state: state === '' ? null : (state satisfies State), fold: fold === 'yes', page: Number(page) }
}
