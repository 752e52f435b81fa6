import { Command } from 'commander'
import t from 'tap'
import { addCheck } from '../../src/check/check-command.ts'
import { oddnode } from '../oddnode.ts'

t.setTimeout(120_000)

t.test('wrong flags are exit code 78, with what would have been right', async (t) => {
  const cases: [string[], RegExp][] = [
    [['check', '--server', 'dns.example'], /allowed is an address, .* and no name/],
    [['check', '--deadline', 'soon'], /allowed is a number of seconds from 0\.05 to 20/],
    [['check', '--sever', '192.0.2.1'], /Did you mean --server\?/],
    [['check', '--name', 'a..b'], /names\.external is "a\.\.b"/],
  ]
  for (const [args, expected] of cases) {
    const { code, stderr, stdout } = await oddnode(args)
    t.equal(code, 78, args.join(' '))
    t.match(stderr, expected)
    t.equal(stdout, '')
  }
})

t.test('its help has examples for every place', async (t) => {
  t.equal(addCheck(new Command(), '0.0.0').name(), 'check')
  const { code, stdout } = await oddnode(['check', '--help'])
  t.equal(code, 0)
  for (const example of [/^ {2}oddnode check$/m, /kubectl -n oddnode exec/, /kubectl debug/, /kubectl run/])
    t.match(stdout, example)
})
