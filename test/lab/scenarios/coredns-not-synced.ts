import type { Lab } from '../cluster/lab.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

/** It answers SERVFAIL for Services, is not ready, and so leaves the Service. */
async function unsync(lab: Lab, numbers: readonly number[]): Promise<void> {
  const pods = numbers.map((number) => lab.endpoint(number))
  await Promise.all(
    pods.map(({ member, address }) =>
      interpose(lab, { member, server: address, change: ['servfail', 'for=svc.cluster.local'] }),
    ),
  )
  await setReady(
    lab,
    pods.map(({ member }) => member),
    false,
  )
}

async function setReady(lab: Lab, pods: readonly string[], ready: boolean): Promise<void> {
  lab.changePicture(({ dns }) => {
    for (const endpoint of dns.endpoints ?? []) if (pods.includes(endpoint.pod ?? '')) endpoint.ready = ready
    dns.endpointsChangedAt = Date.now() / 1000
  })
  await lab.syncServices()
}

async function sync(lab: Lab): Promise<void> {
  await removeMiddleboxes(lab)
  await setReady(
    lab,
    lab.layout.endpoints.map(({ member }) => member),
    true,
  )
}

export const scenarios: Scenario[] = [
  {
    fault: 'coredns-not-synced',
    how: 'one CoreDNS pod never read the Services',
    break: (lab) => unsync(lab, [2]),
    expect: {
      severity: 'warning',
      kind: 'endpoint',
      subject: { role: 'endpoint', address: '10.244.2.54' },
      story: /CoreDNS pod .*node-2 answers SERVFAIL for cluster names/,
    },
    heal: sync,
  },
]
