import t from 'tap'
import { progressLine } from '../../src/terminal/progress.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 10, written: () => written.join(''), write: (text: string) => void written.push(text) }
}

t.test('on a terminal a line is written over, cut to its width, and gone at the end', async (t) => {
  const stream = terminal(true)
  const line = progressLine(stream, { TERM: 'xterm' })
  line.clear()
  t.equal(stream.written(), '', 'nothing to clear')
  line.show('asked 1 of 9')
  line.clear()
  t.equal(stream.written(), '\r\u001b[Kasked 1 o\r\u001b[K')
})

t.test('a file is told nothing, nor is a terminal that cannot take it back', async (t) => {
  for (const [isTTY, TERM] of [
    [false, 'xterm'],
    [true, 'dumb'],
  ] as const) {
    const stream = terminal(isTTY)
    const line = progressLine(stream, { TERM })
    line.show('asked')
    line.clear()
    t.equal(stream.written(), '')
  }
})
