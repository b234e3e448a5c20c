import type { Failure, FailureKind } from '../source-error.ts'
import { failureWith, kindOfStatus } from './client.ts'
import type { HttpAnswer } from './http-get.ts'

/** What an answer of CoinGecko says went wrong; null when it says nothing. Errors also come with status 200. */
export function failureOf(answer: HttpAnswer, body: unknown, now: number): Failure | null {
  const said = errorIn(body)
  if (said === null) return null
  const { code, message } = said
  return failureWith(answer, { kind: kindOf(answer.status, code), code, words: message }, now)
}

// The key of another plan. Seen on a throttled host too, and a throttled caller may come back: so it is no refusal.
const PRO_KEY_ON_DEMO_HOST = 10010
const REFUSAL_CODES = new Set([401, 403, 1020, 10002, 10005, 10011, 10012])

function kindOf(status: number, code: number | null): FailureKind {
  if (code === 429 || code === PRO_KEY_ON_DEMO_HOST) return 'throttled'
  return code !== null && REFUSAL_CODES.has(code) && status !== 429 ? 'refused' : kindOfStatus(status)
}

interface Said {
  code: number | null
  message: string | null
}

/** Finds `error_code` and `error_message` in the places where CoinGecko puts them: at the top, under `status`, under `error`. */
function errorIn(body: unknown): Said | null {
  const top = record(body)
  if (top === null) return null
  const error = record(top.error)
  const places = [top, record(top.status), error, record(error?.status)]
  const code = places.map((place) => place?.error_code).find((found) => typeof found === 'number') ?? null
  const messages = [...places.map((place) => place?.error_message), top.error]
  const message = messages.find((found) => typeof found === 'string') ?? null
  return code === null && message === null ? null : { code, message }
}

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
