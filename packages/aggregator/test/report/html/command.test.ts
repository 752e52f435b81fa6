import t from 'tap'
import { commandHtml } from '../../../src/report/html/command.ts'

t.test('each command has a box', async (t) => {
  t.equal(
    commandHtml('on a: b < c'),
    '<div class="command"><p class="place">on a</p><pre><code>b &#60; c</code></pre></div>',
  )
  t.equal(commandHtml('b'), '<div class="command"><pre><code>b</code></pre></div>')
})
