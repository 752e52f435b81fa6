import { default as generatedPushAnswer } from './generated/check-push-answer.ts'
import type { PushAnswer } from './schema/round.ts'

/** What is wrong with a value, where, and what would have been right. */
export type CheckError = {
  /** JSON pointer (RFC 6901) into the value, '' for the whole. */
  pointer: string
  /** What the schema says, e.g. `must be equal to one of the allowed values`. */
  message: string
  /** The keyword's parameters, e.g. `{ allowedValues: ['host', 'pod'] }`. */
  params: Record<string, unknown>
}

type Generated = ((value: unknown) => boolean) & {
  errors?: { instancePath: string; message?: string; params: Record<string, unknown> }[] | null
}

/** A check compiled from a schema: null if the value is of type T, else the errors. Never throws. */
export type Check<T> = (value: unknown) => { value: T } | { errors: CheckError[] }

/** Wraps one of Ajv's standalone functions. */
export function checkOf<T>(generated: unknown): Check<T> {
  const validate = generated as Generated
  return (value) => {
    if (validate(value)) return { value: value as T }
    const errors = (validate.errors ?? []).map(({ instancePath, message, params }) => ({
      pointer: instancePath,
      message: message ?? 'is wrong',
      params,
    }))
    return { errors }
  }
}

/** The answer to a push, a plan in it included. */
export const checkPushAnswer: Check<PushAnswer> = checkOf<PushAnswer>(generatedPushAnswer)
