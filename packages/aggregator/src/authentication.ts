import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * `missing`, `wrong`: no token, or one that is worth nothing (401). `foreign`, `another-node`: a good token of somebody who may not push
 * this (403). `unverified`: nobody can tell just now (503).
 */
export type Verdict = 'accepted' | 'missing' | 'wrong' | 'foreign' | 'another-node' | 'unverified'

/** Says of an `Authorization` header whether its sender may push for a node; at once, or where that must be asked for, later. */
export type Authentication = (authorization: string | undefined, node: string) => Verdict | Promise<Verdict>

/** Anybody may push: on a loopback address only. */
export const acceptAll: Authentication = () => 'accepted'

/** Who knows the secret may push for any node. Takes the same time for every wrong secret. */
export function sharedSecret(secret: string): Authentication {
  const expected = digest(secret)
  return (authorization) => {
    const token = bearerToken(authorization)
    if (token === undefined) return 'missing'
    return timingSafeEqual(digest(token), expected) ? 'accepted' : 'wrong'
  }
}

/** The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1). */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1]

/** Of equal length for all, which is what `timingSafeEqual` asks for. */
const digest = (text: string) => createHash('sha256').update(text).digest()
