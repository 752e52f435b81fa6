// Makes the pictures of the documentation from the running product: three nodes in network namespaces, one of which has lost its way to a
// DNS server. Needs root, the servers of the lab and Chromium. `node --conditions=@oddnode/source scripts/screenshots.ts`
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startFleet } from '../test/lab/fleet.ts'
import { createNetwork } from '../test/lab/namespaces.ts'
import { startChrony, startDnsmasq, startUnbound } from '../test/lab/servers.ts'

const images = resolve('docs/images')
const AGGREGATOR = '10.77.0.1'
const [DNS, OTHER, NTP] = ['10.77.0.53', '10.77.0.54', '10.77.0.123']

const etc = mkdtempSync(join(tmpdir(), 'oddnode-etc-'))
writeFileSync(join(etc, 'resolv.conf'), `nameserver ${DNS}\n`)
mkdirSync(images, { recursive: true })

const network = createNetwork({ aggregator: 1, dns: 53, other: 54, ntp: 123, 'node-1': 11, 'node-2': 12, 'node-3': 13 })
try {
  startUnbound(network, 'dns', DNS)
  startDnsmasq(network, 'other', OTHER)
  startChrony(network, 'ntp', NTP)
  const fleet = await startFleet(network, 'aggregator', AGGREGATOR)
  for (const node of ['node-1', 'node-2', 'node-3']) {
    fleet.startAgent(node, [
      '--names.clusterDomain=cluster.local',
      '--names.namespace=oddnode',
      `--targets.clusterDns=${DNS}`,
      `--targets.endpoint=${OTHER}`,
      `--targets.ntp=${NTP}`,
      `--paths.etc=${etc}`,
    ])
  }
  await fleet.until('all is well', ({ nodes }) => nodes.length === 3 && nodes.every(({ state }) => state === 'ok'))
  network.run('node-2', 'nft', 'add', 'table', 'ip', 'fault')
  network.run('node-2', 'nft', 'add', 'chain', 'ip', 'fault', 'in', '{ type filter hook input priority 0 ; }')
  network.run('node-2', 'nft', 'add', 'rule', 'ip', 'fault', 'in', 'ip', 'saddr', DNS, 'udp', 'sport', '53', 'drop')
  await fleet.until('the finding', ({ findings }) => findings.length > 0)
  shoot('report.png', 1280, 1500)
  shoot('report-narrow.png', 500, 2400)
} finally {
  await network.close()
}

function shoot(name: string, width: number, height: number): void {
  const profile = mkdtempSync(join(tmpdir(), 'oddnode-chromium-'))
  network.run(
    'aggregator',
    'chromium',
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    `--screenshot=${join(images, name)}`,
    `http://${AGGREGATOR}:8530/report`,
  )
}
