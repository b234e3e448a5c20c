import { versionIn } from '@crypto-signals/contracts'
import type { Answer } from '../question.ts'

/** An answer that may be given again. */
export interface Kept {
  answer: Answer
  version: string
  /** How long after it was asked for it may be given, by its own Cache-Control. */
  maxAgeMs: number
  /** When that time is over, ms since the epoch. */
  endsAt: number
}

/** The answer with what allows to give it again; undefined if nothing does. */
export function keptOf(answer: Answer, askedAt: number): Kept | undefined {
  const version = versionIn(answer.headers.etag ?? '')
  const maxAgeMs = maxAgeOf(answer.headers['cache-control'] ?? '') * 1_000
  if (answer.status !== 200 || version === undefined || maxAgeMs === 0) return undefined
  return { answer, version, maxAgeMs, endsAt: askedAt + maxAgeMs }
}

function maxAgeOf(cacheControl: string): number {
  if (/\b(no-store|no-cache|private)\b/i.test(cacheControl)) return 0
  const [, seconds = '0'] = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl) ?? []
  return Number(seconds)
}
