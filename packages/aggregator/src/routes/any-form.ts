import { Type } from 'typebox'

/** The schema of an answer that is no JSON: OpenAPI names its content type and says no more. */
export const anyForm = Type.Unknown()
