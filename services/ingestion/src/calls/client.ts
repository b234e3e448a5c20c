import { Agent } from 'undici'
import type { SourceSettings, SourceTools } from '../source.ts'
import { type Failure, type FailureKind, SourceError } from '../source-error.ts'
import { type HttpAnswer, httpGet } from './http-get.ts'
import { retryAtOf } from './retry-after.ts'
import { createCleaner } from './upstream-words.ts'

/** Asks one source below its base URL. No answer, an error and what is not JSON are SourceErrors that never repeat the key. */
export interface Client {
  json(path: string, signal: AbortSignal): Promise<Received>
  /** What an answer says is wrong, null if nothing. Rejects if there is no answer. */
  ping(path: string, signal: AbortSignal): Promise<Failure | null>
  close(): Promise<void>
}

interface Received {
  body: unknown
  headers: HttpAnswer['headers']
  /** Milliseconds since the epoch. */
  receivedAt: number
}

export interface ClientOptions {
  settings: Pick<SourceSettings, 'url' | 'apiKey'>
  tools: Pick<SourceTools, 'clock'>
  /** Besides `accept` and `user-agent`. */
  headers?: Record<string, string>
  /** The source's own way to say that something went wrong, also with status 200; null leaves it to the status. `body` is undefined if it is not JSON. */
  failureOf?: (answer: HttpAnswer, body: unknown, now: number) => Failure | null
}

export function createClient({ settings, tools, headers, failureOf }: ClientOptions): Client {
  const { clock } = tools
  const base = settings.url.replace(/\/+$/, '')
  const agent = new Agent()
  const cleaned = createCleaner(settings.apiKey)
  const sent = { accept: 'application/json', 'user-agent': 'crypto-signals', ...headers }

  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    try {
      return await httpGet(base + path, { agent, clock, headers: sent }, signal)
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      throw new SourceError({ kind: 'failed', message: cleaned(reasonsOf(cause)) }, path, { cause })
    }
  }

  const ask = async (path: string, signal: AbortSignal) => {
    const answer = await get(path, signal)
    const receivedAt = clock.now()
    const body = parsed(answer.text)
    const failure = failureOf?.(answer, body, receivedAt) ?? statusFailure(answer, body, receivedAt)
    const error = failure && new SourceError({ ...failure, message: cleaned(failure.message) }, path)
    return { received: { body, headers: answer.headers, receivedAt }, error }
  }

  return {
    async json(path, signal) {
      const { received, error } = await ask(path, signal)
      if (error !== null) throw error
      return received
    },
    ping: async (path, signal) => (await ask(path, signal)).error,
    close: () => agent.destroy(),
  }
}

/** What the status asks of the caller. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 429 || status === 418) return 'throttled'
  if (REFUSALS.has(status)) return 'refused'
  if (TOO_LONG.has(status)) return 'too-long'
  return status >= 500 || status < 300 || TRANSIENT.has(status) ? 'failed' : 'rejected'
}

// 451: some exchanges answer so to whole countries.
const REFUSALS = new Set([401, 402, 403, 451])
const TOO_LONG = new Set([413, 414, 431])
const TRANSIENT = new Set([408, 425])

/** A failure as an answer reports it: the pause it asks for goes with a throttle. */
export function failureWith(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  { kind, code, words }: { kind: FailureKind; code?: number | string | null; words?: string | null },
  now: number,
): Failure {
  const shown = code == null || code === status ? '' : ` (${code})`
  const message = `HTTP ${status}${shown}${words ? `: ${words}` : ''}`
  return { kind, message, retryAt: kind === 'throttled' ? retryAtOf(headers, now) : null }
}

function statusFailure(answer: HttpAnswer, body: unknown, now: number): Failure | null {
  if (answer.status !== 200)
    return failureWith(answer, { kind: kindOfStatus(answer.status), words: wordsIn(body) }, now)
  return body === undefined ? { kind: 'failed', message: 'the answer is not JSON' } : null
}

/** Where sources usually put what they have to say. */
function wordsIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null
  const { error, message, msg } = body as Record<string, unknown>
  return [error, message, msg].find((words) => typeof words === 'string') ?? null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The message and those of its causes: fetch says no more than `fetch failed` itself. */
function reasonsOf(error: unknown): string {
  const reasons: string[] = []
  for (let at = error; at instanceof Error && reasons.length < 3; at = at.cause) reasons.push(at.message)
  return reasons.join(': ')
}
