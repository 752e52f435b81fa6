import { readFileSync } from 'node:fs'
import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { createClock } from './clock.ts'
import { apiAddress, loadConfig, readSecret } from './config.ts'
import type { AggregatorConfig } from './config-schema.ts'
import { createKubernetesApi, type KubernetesApi } from './kubernetes/api.ts'

const TICK_MILLISECONDS = 1000
/** Where more changed than one evaluation may take: pushes come between. */
const SOON_MILLISECONDS = 50
/** Pushes that are under way get this long to be answered when the process is asked to stop … */
const ANSWER_MILLISECONDS = 2000
/** … and all of it this long. */
const CLOSE_MILLISECONDS = 5000
/** After a restart thousands of agents connect within seconds; Node's 511 would refuse some of them. The kernel caps it. */
const BACKLOG = 4096

const config = configOrExit()
const secret = secretOrExit(config)
const { server, tick } = await buildApp({
  config,
  secret,
  api: kubernetesApi(config),
  clock: createClock(),
  version: ownVersion(),
})
let timer = setTimeout(tickOn, 0)

closeWithGrace({ delay: CLOSE_MILLISECONDS, logger: false }, async ({ err, signal }) => {
  if (err) server.log.fatal({ err }, 'stopping after an error')
  else server.log.info({ signal }, 'stopping')
  clearTimeout(timer)
  const overdue = setTimeout(() => server.server.closeAllConnections(), ANSWER_MILLISECONDS)
  await server.close()
  clearTimeout(overdue)
})

try {
  await server.listen({ host: config.listen.address, port: config.listen.port, backlog: BACKLOG })
} catch (error) {
  server.log.fatal(listenFailure(error, config))
  process.exit(1)
}

function tickOn(): void {
  const again = tick()
  timer = setTimeout(tickOn, again ? SOON_MILLISECONDS : TICK_MILLISECONDS)
}

function configOrExit(): AggregatorConfig {
  const loaded = loadConfig({ arguments: process.argv.slice(2), environment: process.env })
  if ('value' in loaded) return loaded.value
  if (loaded.help !== undefined) {
    process.stdout.write(`${loaded.help}\n`)
    process.exit(0)
  }
  return exitForConfiguration(loaded.errors)
}

function secretOrExit({ auth }: AggregatorConfig): string | null {
  if (auth.mode !== 'shared-secret' || auth.secretFile === undefined) return null
  const read = readSecret(auth.secretFile)
  return 'secret' in read ? read.secret : exitForConfiguration([read.error])
}

function kubernetesApi({ kubernetes }: AggregatorConfig): KubernetesApi | null {
  const address = apiAddress(kubernetes.address, process.env)
  return address === null ? null : createKubernetesApi({ ...kubernetes, address })
}

function exitForConfiguration(errors: readonly string[]): never {
  process.stderr.write(errors.map((error) => `oddnode: ${error}\n`).join(''))
  process.exit(EXIT_CONFIGURATION)
}

function listenFailure(error: unknown, { listen }: AggregatorConfig): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `${listen.address} port ${listen.port}`
  if (code === 'EADDRINUSE')
    return `${where} is in use by another process: stop that, or choose another one with --listen.port`
  if (code === 'EADDRNOTAVAIL')
    return `${where}: this machine does not have the address; choose one with --listen.address`
  if (code === 'EACCES')
    return `${where} may not be used without privilege: choose a port above 1023 with --listen.port`
  return `cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}
