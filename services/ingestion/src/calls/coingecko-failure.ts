import type { Failure, FailureKind } from '../source-error.ts'
import type { HttpAnswer } from './http-get.ts'
import { retryAtOf } from './retry-after.ts'

/** What an answer of CoinGecko says went wrong; null when nothing did. Errors also come with status 200. */
export function failureOf(answer: HttpAnswer, body: unknown, now: number): Failure | null {
  const { status, headers } = answer
  const said = errorIn(body)
  if (status === 200 && said === null) return null
  const kind = kindOf(status, said?.code ?? null)
  const words = said?.message ?? ''
  const code = said?.code == null || said.code === status ? '' : ` (${said.code})`
  const message = `HTTP ${status}${code}${words && `: ${words}`}`
  return { kind, message, retryAt: kind === 'throttled' ? retryAtOf(headers, now) : null }
}

// The key of another plan. Seen on a throttled host too, and a throttled caller may come back: so it is no refusal.
const PRO_KEY_ON_DEMO_HOST = 10010
const REFUSAL_CODES = new Set([401, 403, 1020, 10002, 10005, 10011, 10012])
const TOO_LONG = new Set([413, 414, 431])
const TRANSIENT = new Set([408, 425])

function kindOf(status: number, code: number | null): FailureKind {
  if (status === 429 || code === 429 || code === PRO_KEY_ON_DEMO_HOST) return 'throttled'
  if (status === 401 || status === 403 || (code !== null && REFUSAL_CODES.has(code))) return 'refused'
  if (TOO_LONG.has(status)) return 'too-long'
  if (status >= 500 || status < 300 || TRANSIENT.has(status)) return 'failed'
  return 'rejected'
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
