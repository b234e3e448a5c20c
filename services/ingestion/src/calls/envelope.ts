import type { Failure } from '../source-error.ts'
import { type ClientOptions, failureWith, kindOfStatus } from './client.ts'
import { fieldOf } from './reading.ts'

/** How an API that answers `{code, message, data}` tells what went wrong: also with status 200, or with one that says something else. */
export interface Envelope {
  codeAt: string
  wordsAt: string
  ok: string
  /** Codes that ask for a pause. */
  throttled: readonly string[]
  /** Codes of trouble that passes: all others are the request's fault. */
  passing: readonly string[]
}

export function failureInEnvelope({
  codeAt,
  wordsAt,
  ok,
  throttled,
  passing,
}: Envelope): NonNullable<ClientOptions['failureOf']> {
  return (answer, body, now): Failure | null => {
    const code = fieldOf(body, codeAt)
    const words = fieldOf(body, wordsAt)
    const told = { code: codeText(code), words: typeof words === 'string' ? words : null }
    if (throttled.includes(told.code ?? '')) return failureWith(answer, { kind: 'throttled', ...told }, now)
    if (answer.status !== 200) return failureWith(answer, { kind: kindOfStatus(answer.status), ...told }, now)
    if (told.code === ok) return null
    const passes = told.code === null || passing.includes(told.code)
    return failureWith(answer, { kind: passes ? 'failed' : 'rejected', ...told }, now)
  }
}

const codeText = (code: unknown) => (typeof code === 'string' || typeof code === 'number' ? String(code) : null)
