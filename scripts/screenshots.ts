// Makes the pictures of the documentation from the running product: the demo's five nodes in network namespaces, and its story. Needs root, the servers of the lab and Chromium. `node --conditions=@oddnode/source scripts/screenshots.ts`
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bootCluster } from '../test/lab/cluster/cluster.ts'
import { OUTSIDE, outside } from '../test/lab/cluster/layout.ts'
import { AGGREGATOR_PORT } from '../test/lab/cluster/programs.ts'
import { untilTold, untilWell } from '../test/lab/run-scenario.ts'
import { upgradeCni } from '../test/lab/scenarios/pods-cannot-reach-node-local-dns.ts'

const images = resolve('docs/images')
mkdirSync(images, { recursive: true })

const lab = await bootCluster({ nodes: 5 })
try {
  await untilWell(lab)
  await upgradeCni(lab)
  await untilTold(lab, 'pods-cannot-reach-node-local-dns')
  await shoot('report.png', 1280, 1500)
  await shoot('report-narrow.png', 500, 2400)
} finally {
  await lab.close()
}

async function shoot(name: string, width: number, height: number): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'oddnode-chromium-'))
  await lab.namespaces.run(OUTSIDE, [
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
    `http://${outside.aggregator}:${AGGREGATOR_PORT}/report`,
  ])
}
