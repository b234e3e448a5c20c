import type { Clock } from '@crypto-signals/clock'
import { Readiness } from '@crypto-signals/service'
import { Value } from '@sinclair/typebox/value'
import { Pool } from 'undici'
import { call } from './call.ts'

/** Asks a replica about itself, on a connection of its own: behind those of the callers it could wait too long. */
export interface Probe {
  /** Rejects when the replica does not answer in time, or with something else. */
  readiness(): Promise<Readiness>
  /** Its OpenAPI document, unread. */
  document(): Promise<unknown>
  end(): void
}

export function createProbe(origin: string, { clock, host }: { clock: Clock; host: string }): Probe {
  const pool = new Pool(origin, { connections: 1, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: MAX_BYTES })
  const { signal } = new AbortController()
  const get = async (path: string): Promise<unknown> => {
    const question = { method: 'GET', path, headers: { host }, body: null }
    const { body } = await call(pool, question, { clock, limitMs: ANSWER_WITHIN_MS, signal })
    return JSON.parse(body.toString())
  }
  return {
    readiness: async () => Value.Decode(Readiness, await get('/readyz')),
    document: () => get('/openapi.json'),
    end: () => void pool.destroy(),
  }
}

const ANSWER_WITHIN_MS = 1_000

const MAX_BYTES = 4 * 2 ** 20
