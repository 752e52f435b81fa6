import { readFileSync } from 'node:fs'
import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { startAgent } from './app.ts'
import { loadAgentConfig } from './config.ts'
import { createLog } from './log.ts'
import { version } from './version.ts'

const loaded = loadAgentConfig({
  arguments: process.argv.slice(2),
  environment: process.env,
  readFile: (path) => readFileSync(path, 'utf8'),
})

if ('errors' in loaded) {
  if (loaded.help !== undefined) process.stdout.write(loaded.help)
  for (const error of loaded.errors) process.stderr.write(`oddnode-agent: ${error}\n`)
  process.exitCode = loaded.errors.length > 0 ? EXIT_CONFIGURATION : 0
} else {
  await run(loaded.value)
}

async function run(config: Parameters<typeof startAgent>[0]['config']): Promise<void> {
  const log = createLog(config.logLevel, (line) => process.stdout.write(line))
  try {
    const agent = await startAgent({ config, version, environment: process.env, log })
    stopOnSignal(agent.stop)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const { address, port } = config.listen
    const remedy = code === 'EADDRINUSE' ? `: ${address}:${port} is taken; choose another with --listen.port` : ''
    process.stderr.write(`oddnode-agent: cannot start: ${message}${remedy}\n`)
    process.exitCode = 1
  }
}

/** The first signal stops in order, the second at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let asked = false
  const onSignal = () => {
    if (asked) process.exit(1)
    asked = true
    // Nothing is left to do after it; whatever still holds the loop must not hold the process.
    void stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
