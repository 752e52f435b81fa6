import t from 'tap'
import { openScreen } from '../../src/terminal/screen.ts'

t.test('a frame is drawn over the last one in one write, and the terminal is given back once', async (t) => {
  const written: string[] = []
  const screen = openScreen({ write: (text) => written.push(text) })
  screen.draw(['one', 'two'])
  screen.close()
  screen.close()
  screen.draw(['too late'])
  t.strictSame(written, [
    '\u001b[?1049h\u001b[?25l',
    '\u001b[?2026h\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J\u001b[?2026l',
    '\u001b[?25h\u001b[?1049l',
  ])
})
