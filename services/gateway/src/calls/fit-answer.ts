import { Failure } from '@crypto-signals/contracts'
import { Value } from '@sinclair/typebox/value'
import type { Answer } from '../question.ts'

/** What an answer is worth: `error` and `unavailable` are a 5xx, `unfit` is what no service of ours would say. */
export type Worth = 'answered' | 'error' | 'unavailable' | 'unfit'

export function worthOf({ status, headers, body }: Answer): Worth {
  if (status >= 500) return UNAVAILABLE.has(status) ? 'unavailable' : 'error'
  if (status === 304) return 'answered'
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return 'unfit'
  if (status >= 400) return isFailure(body) ? 'answered' : 'unfit'
  return status >= 200 && status < 300 ? 'answered' : 'unfit'
}

/** The answer with those of its headers alone that are meant for the caller. */
export function forCaller({ status, headers, body }: Answer): Answer {
  const passed = PASSED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]))
  return { status, headers: Object.fromEntries(passed), body }
}

const UNAVAILABLE = new Set([502, 503, 504])

const PASSED = ['content-type', 'etag', 'cache-control', 'location', 'allow']

function isFailure(body: Buffer): boolean {
  try {
    return Value.Check(Failure, JSON.parse(body.toString()))
  } catch {
    return false
  }
}
