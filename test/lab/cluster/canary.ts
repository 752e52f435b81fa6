import type { Lab } from './lab.ts'
import { CANARY } from './names.ts'
import { ttlSeconds } from './quick.ts'

/** The addresses behind the canary after one of its pods was replaced. */
const addressesAfter = ({ layout }: Lab): string[] => [
  ...layout.nodes.slice(0, -1).map(({ agentPod }) => agentPod.address),
  '10.244.3.77',
]

/** A pod of the canary's Service is replaced, as the API tells it; these DNS servers hear of it. */
export async function replaceCanary(lab: Lab, servers: readonly string[]): Promise<void> {
  lab.changePicture((picture) => {
    picture.canary = { name: CANARY, addresses: addressesAfter(lab), changedAt: Date.now() / 1000 }
  })
  for (const server of servers) await tellCanary(lab, server)
}

/** A DNS server hears of it. */
export async function tellCanary(lab: Lab, server: string): Promise<void> {
  await lab.control(server, 'local_data_remove', CANARY)
  for (const address of addressesAfter(lab))
    await lab.control(server, 'local_data', `${CANARY}. ${ttlSeconds} IN A ${address}`)
}
