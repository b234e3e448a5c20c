import type { HttpAnswer } from './http-get.ts'

/** When the headers ask to be called again, ms since the epoch; null if they do not, or name a time that has passed. */
export function retryAtOf(headers: HttpAnswer['headers'], now: number): number | null {
  const asked = headers.get('retry-after')?.trim() ?? ''
  // A pause of 0 s would be no pause.
  if (SECONDS.test(asked)) return now + Math.max(Number(asked), 1) * 1000
  return later(HTTP_DATE.test(asked) ? Date.parse(asked) : Number.NaN, now) ?? later(resetOf(headers), now)
}

const SECONDS = /^\d{1,15}(\.\d+)?$/
const HTTP_DATE = /^[A-Z][a-z]+,? /
const RESET = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2}):?(\d{2})$/

/** `x-ratelimit-reset: 2026-03-09 03:28:00 +0000` */
function resetOf(headers: HttpAnswer['headers']): number {
  const [, date, time, hours, minutes] = RESET.exec(headers.get('x-ratelimit-reset') ?? '') ?? []
  return Date.parse(`${date}T${time}${hours}:${minutes}`)
}

const later = (at: number, now: number): number | null => (at > now ? at : null)
