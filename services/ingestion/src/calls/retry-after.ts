import type { HttpAnswer } from './http-get.ts'

/**
 * When the headers ask to be called again, ms since the epoch; null if they do not, or name a time that has passed. Times are
 * taken by the clock of whoever sent them, as far as `Date` tells it: a clock that is wrong neither cuts nor stretches a pause.
 */
export function retryAtOf(headers: HttpAnswer['headers'], now: number): number | null {
  const asked = headers.get('retry-after')?.trim() ?? ''
  // A pause of 0 s would be no pause.
  if (SECONDS.test(asked)) return now + Math.max(Number(asked), 1) * 1000
  const sentAt = httpDateOf(headers.get('date'))
  const aheadMs = Number.isNaN(sentAt) ? 0 : now - sentAt
  return later(httpDateOf(asked) + aheadMs, now) ?? later(resetOf(headers) + aheadMs, now)
}

const httpDateOf = (text: string | null): number =>
  text !== null && HTTP_DATE.test(text.trim()) ? Date.parse(text) : Number.NaN

const SECONDS = /^\d{1,15}(\.\d+)?$/
const HTTP_DATE = /^[A-Z][a-z]+,? /
const RESET = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2}):?(\d{2})$/

/** `x-ratelimit-reset: 2026-03-09 03:28:00 +0000` */
function resetOf(headers: HttpAnswer['headers']): number {
  const [, date, time, hours, minutes] = RESET.exec(headers.get('x-ratelimit-reset') ?? '') ?? []
  return Date.parse(`${date}T${time}${hours}:${minutes}`)
}

const later = (at: number, now: number): number | null => (at > now ? at : null)
