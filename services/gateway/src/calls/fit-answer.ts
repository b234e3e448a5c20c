import { EXPORT_HEADERS, Failure } from '@crypto-signals/contracts'
import { Value } from '@sinclair/typebox/value'
import { type Flow, isFlow, isTunnel, type Tunnel } from '../flow.ts'
import type { Answer } from '../question.ts'

/** What an answer is worth: `error` and `unavailable` are a 5xx, `unfit` is what no service of ours would say. */
export type Worth = 'answered' | 'error' | 'unavailable' | 'unfit'

export function worthOf(answer: Answer | Flow | Tunnel): Worth {
  // Neither begins but with what it ought to be.
  if (isTunnel(answer) || isFlow(answer)) return 'answered'
  const { status, headers, body } = answer
  if (status >= 500) return UNAVAILABLE.has(status) ? 'unavailable' : 'error'
  if (status === 304) return 'answered'
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return 'unfit'
  if (status >= 400) return isFailure(body) ? 'answered' : 'unfit'
  return status >= 200 && status < 300 ? 'answered' : 'unfit'
}

/** The answer with those of its headers alone that are meant for the caller. */
export function forCaller<A extends Answer | Flow | Tunnel>(answer: A): A {
  const names = isTunnel(answer) || isFlow(answer) ? PASSED_ON_THE_WAY : PASSED
  const passed = names.flatMap((name) =>
    answer.headers[name] === undefined ? [] : [[name, answer.headers[name]] as const],
  )
  return { ...answer, headers: Object.fromEntries(passed) }
}

const UNAVAILABLE = new Set([502, 503, 504])

const PASSED = ['content-type', 'etag', 'cache-control', 'location', 'allow', ...Object.values(EXPORT_HEADERS)]

const PASSED_ON_THE_WAY = [
  ...PASSED,
  // So that one that breaks off is seen to, also over HTTP/1.0.
  'content-length',
  'content-encoding',
  'content-disposition',
  'vary',
  // Tells a proxy to hand a stream on as it comes.
  'x-accel-buffering',
  'sec-websocket-accept',
]

function isFailure(body: Buffer): boolean {
  try {
    return Value.Check(Failure, JSON.parse(body.toString()))
  } catch {
    return false
  }
}
