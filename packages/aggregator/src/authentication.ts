import { createHash, timingSafeEqual } from 'node:crypto'

/** Says of an `Authorization` header whether its sender may push. */
export type Authentication = (authorization: string | undefined) => 'accepted' | 'missing' | 'wrong'

/** Anybody may push: on a loopback address only. */
export const acceptAll: Authentication = () => 'accepted'

/** `Authorization: Bearer <secret>` (RFC 6750 section 2.1). Takes the same time for every wrong secret. */
export function sharedSecret(secret: string): Authentication {
  const expected = digest(secret)
  return (authorization) => {
    const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) return 'missing'
    return timingSafeEqual(digest(token), expected) ? 'accepted' : 'wrong'
  }
}

/** Of equal length for all, which is what `timingSafeEqual` asks for. */
const digest = (text: string) => createHash('sha256').update(text).digest()
