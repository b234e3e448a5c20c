import type { Clock } from '@crypto-signals/clock'
import { type Agent, fetch, type Response } from 'undici'

export interface HttpAnswer {
  status: number
  headers: { get(name: string): string | null }
  text: string
}

export interface HttpOptions {
  agent: Agent
  clock: Clock
  headers: Record<string, string>
}

const HEADERS_WITHIN_MS = 10_000
const WHOLE_WITHIN_MS = 30_000
const MAX_BODY_BYTES = 16 * 1024 * 1024

/** One GET, whole and bounded in time and size; follows no redirect. Rejects with the signal's reason when it is aborted. */
export async function httpGet(url: string, options: HttpOptions, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted()
  const call = new AbortController()
  const abort = () => call.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const limit = timeLimits(options.clock, call)
  try {
    const headersLimit = limit(HEADERS_WITHIN_MS, 'no answer')
    const wholeLimit = limit(WHOLE_WITHIN_MS, 'no whole answer')
    using _limits = { [Symbol.dispose]: () => [headersLimit.abort(), wholeLimit.abort()] }
    const { agent, headers } = options
    const response = await fetch(url, { dispatcher: agent, headers, redirect: 'manual', signal: call.signal })
    headersLimit.abort()
    return { status: response.status, headers: response.headers, text: await textOf(response) }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

const timeLimits = (clock: Clock, call: AbortController) => (ms: number, what: string) => {
  const done = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => call.abort(new Error(`${what} within ${ms / 1000} s`)),
    () => {},
  )
  return done
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.byteLength
    if (bytes > MAX_BODY_BYTES) throw new Error('the answer is larger than 16 MB')
    parts.push(part)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}
