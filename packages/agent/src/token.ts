import { readFile } from 'node:fs/promises'

/** What a push carries to say who sends it. */
export type Token = { token: string | null } | { error: string }

const UNSENDABLE = 'tokenFile holds a character that no header can carry: allowed is one line of printable ASCII'

/** Read again for each push, because a projected token rotates. @param file '' where none is configured */
export async function readToken(file: string): Promise<Token> {
  if (!file) return { token: null }
  try {
    const token = (await readFile(file, 'utf8')).trim()
    return /^[\x20-\x7e]*$/.test(token) ? { token } : { error: UNSENDABLE }
  } catch (error) {
    return { error: `tokenFile cannot be read: ${(error as Error).message}` }
  }
}
