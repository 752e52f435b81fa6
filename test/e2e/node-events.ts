import { get } from './commands.ts'

type Events = { items: { reason: string }[] }

/** How many events on a node tell of findings that opened, and that ended. */
export async function findingEvents(node: string): Promise<{ opened: number; ended: number }> {
  const selector = `involvedObject.kind=Node,involvedObject.name=${node}`
  const { items } = await get<Events>('-n', 'default', 'events', `--field-selector=${selector}`)
  const count = (wanted: string) => items.filter(({ reason }) => reason === wanted).length
  return { opened: count('OddnodeFindingOpened'), ended: count('OddnodeFindingEnded') }
}
