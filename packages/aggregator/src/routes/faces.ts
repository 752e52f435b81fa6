import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseByAccept } from '../http/accept.ts'

/** The forms that a page comes in; the first one where the reader does not say. */
export const faces = ['text/html', 'application/json', 'text/plain'] as const
export type Face = (typeof faces)[number]

const faceOfSuffix: Readonly<Record<string, Face>> = {
  html: 'text/html',
  json: 'application/json',
  txt: 'text/plain',
}

/** The form that a reader asks for by `Accept`. */
export const faceByAccept = ({ headers }: FastifyRequest): Face => chooseByAccept(headers.accept, faces)

/** Splits a name and the suffix of a form, `.html`, `.json` or `.txt`; null without one. */
export function splitSuffix(text: string): { name: string; face: Face } | null {
  const dot = text.lastIndexOf('.')
  const face = faceOfSuffix[text.slice(dot + 1)]
  return dot <= 0 || face === undefined ? null : { name: text.slice(0, dot), face }
}

/** The form that an address asks for by its suffix, else the one that its reader asks for. */
export function faceOf(request: FastifyRequest): Face {
  const path = request.url.split('?', 1)[0] ?? ''
  return splitSuffix(path.slice(path.lastIndexOf('/') + 1))?.face ?? faceByAccept(request)
}

/** Our own style sheet and script as files, and what that script asks us: nothing inline, no other host, no frame (https://www.w3.org/TR/CSP3/). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const securityHeaders = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export type Rendered = { body: string; etag: string }

export const rendered = (body: string): Rendered => ({
  body,
  // Weak: it names the text, compressed or not (RFC 9110 section 8.8.1).
  etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
})

/** Sends a page in one of its forms, or that the reader has it already. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  page: Rendered,
  headers: Readonly<Record<string, string>> = {},
): FastifyReply {
  reply.headers({ 'cache-control': 'no-store', ...securityHeaders, etag: page.etag, ...headers })
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send()
  return reply.type(`${type}; charset=utf-8`).send(page.body)
}

/** A page in each of its forms, made when it is asked for. */
export type Forms = Readonly<Record<Face, () => string>>

/** Makes and sends a page in the form that is wanted. */
export const sendForm = (request: FastifyRequest, reply: FastifyReply, face: Face, forms: Forms): FastifyReply =>
  sendPage(request, reply.header('vary', 'accept'), face, rendered(forms[face]()))
