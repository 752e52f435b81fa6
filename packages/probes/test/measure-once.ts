// One measurement as its own process, for tests that give it another clock or network: prints the sample as JSON.
import { measureNtp } from '../src/ntp.ts'

const [address = '', port = ''] = process.argv.slice(2)
const context = { signal: AbortSignal.timeout(5000), closeSeconds: 0.5 }
console.log(JSON.stringify(await measureNtp({ address, port: Number(port) }, context)))
