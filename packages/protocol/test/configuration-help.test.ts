import t from 'tap'
import { configurationHelp } from '../src/configuration-help.ts'
import { settingsOf } from '../src/settings.ts'

const schema = {
  properties: {
    port: { type: 'integer', default: 8080, description: 'Port to listen on.' },
    ntp: { type: 'array', items: { type: 'string' }, default: [] },
    file: { type: 'string', description: 'Where.' },
  },
}
const help = configurationHelp(settingsOf(schema, 'X_'))
t.match(help, '--port  (X_PORT)\n      Port to listen on.\n      An integer. Default: 8080.')
t.match(help, 'A list, each text. Default: none.')
t.ok(help.endsWith('Where.\n      Text.'), 'no default, none told')
