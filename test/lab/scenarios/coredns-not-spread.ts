import type { Scenario } from '../scenario.ts'

const HOUR_SECONDS = 3600

export const scenarios: Scenario[] = [
  {
    fault: 'coredns-not-spread',
    how: 'CoreDNS was scaled to one pod an hour ago',
    break: async (lab) => {
      lab.changePicture(({ dns }) => {
        dns.endpoints = dns.endpoints?.slice(0, 1) ?? null
        dns.endpointsChangedAt = Date.now() / 1000 - HOUR_SECONDS
      })
      await lab.syncServices()
    },
    expect: { severity: 'info', kind: 'cluster', story: /CoreDNS pods? (is|are) on node-1/ },
    heal: async (lab) => {
      lab.changePicture(({ dns }) => {
        dns.endpoints = lab.firstEndpoints()
        dns.endpointsChangedAt = Date.now() / 1000
      })
      await lab.syncServices()
    },
  },
]
