import t from 'tap'
import { addressOf, aggregatorAddresses, isPushUrl } from '../src/aggregator-address.ts'

const environment = { ODDNODE_AGGREGATOR_SERVICE_HOST: '10.96.7.7', ODDNODE_AGGREGATOR_SERVICE_PORT: '8530' }

t.test('addresses first, the name last: it needs the DNS that is on trial', async (t) => {
  t.strictSame(
    aggregatorAddresses(['http://oddnode.example:8530', 'http://192.0.2.7:8530/'], environment, [
      'http://10.244.1.9:8530',
    ]),
    ['http://192.0.2.7:8530', 'http://10.96.7.7:8530', 'http://10.244.1.9:8530', 'http://oddnode.example:8530'],
  )
})

t.test('IPv6, and no duplicates', async (t) => {
  const variables = { ODDNODE_AGGREGATOR_SERVICE_HOST: 'fd00::7', ODDNODE_AGGREGATOR_SERVICE_PORT: '8530' }
  t.strictSame(aggregatorAddresses(['http://[fd00::7]:8530'], variables, ['http://[fd00::7]:8530']), [
    'http://[fd00::7]:8530',
  ])
  t.strictSame(aggregatorAddresses([], { ODDNODE_AGGREGATOR_SERVICE_HOST: '10.96.7.7' }, []), ['http://10.96.7.7'])
})

t.test('what is no address is not taken from the environment or a plan', async (t) => {
  t.strictSame(
    aggregatorAddresses([], { ODDNODE_AGGREGATOR_SERVICE_HOST: 'aggregator' }, ['http://name:1', 'not a url']),
    [],
  )
})

t.test('a port in the environment that is none', async (t) => {
  const variables = { ODDNODE_AGGREGATOR_SERVICE_HOST: '10.96.7.7', ODDNODE_AGGREGATOR_SERVICE_PORT: 'tcp://x' }
  t.strictSame(aggregatorAddresses([], variables, []), [])
})

t.test('only http URLs can be pushed to', async (t) => {
  t.ok(isPushUrl('http://[::1]:8530'))
  t.notOk(isPushUrl('https://192.0.2.1'))
  t.notOk(isPushUrl('http://a b'))
  t.notOk(isPushUrl('http://user:password@192.0.2.1:8530'), 'a log line names the URL')
  t.notOk(isPushUrl('http://192.0.2.1:8530/?a#b'), 'a path is put behind it')
  t.ok(isPushUrl('http://192.0.2.1:8530/oddnode'))
  t.equal(addressOf('http://[::1]:8530'), '::1')
})
