import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import type { Cache } from '../cache.ts'
import { boundedKey } from '../key.ts'
import { createLease } from '../lease.ts'
import { MAX_VALUE_BYTES } from '../values.ts'
import { createWindows } from '../windows.ts'
import { createCircuit } from './circuit.ts'
import { type Client, createClient } from './client.ts'

interface RedisCacheOptions {
  url: string
  namespace?: string | undefined
  clock: Clock
  log?: Logger | undefined
  timeoutMs?: number
}

/** The cache that replicas share. A Redis that is away costs the first requests 100 ms, and the others nothing. */
export async function openRedis(options: RedisCacheOptions): Promise<Cache> {
  const { url, clock, log, timeoutMs = TIMEOUT_MS } = options
  const keyOf = keysOf(options.namespace)
  const client = createClient(url, { timeoutMs, log })
  const circuit = createCircuit({ clock, log, probe: () => client.count(keyOf('probe', ''), 1_000, 0, 0) })
  client.on('error', circuit.open)
  client.on('close', () => circuit.open('the connection was lost'))
  await client.connect().catch(circuit.open)

  const windows = createWindows(clock)
  return {
    adapter: 'redis',
    async increment(name, windowMs) {
      const [key, askedAt] = [keyOf('count', name), clock.now()]
      const known = windows.running(key, windowMs) ?? { count: 0, resetMs: windowMs }
      try {
        const [count, leftMs] = await circuit.ask(() => client.count(key, windowMs, known.count, known.resetMs))
        const counted = { count, resetMs: Math.max(leftMs, 1) }
        windows.learn(key, counted, askedAt)
        return counted
      } catch {
        return windows.increment(key, windowMs)
      }
    },
    get: (key) => circuit.ask(() => client.getBuffer(keyOf('value', key))).catch(() => null),
    async set(key, value, ttlMs) {
      if (value.byteLength > MAX_VALUE_BYTES) return
      await circuit.ask(() => client.set(keyOf('value', key), asBuffer(value), 'PX', ttlMs)).catch(() => undefined)
    },
    async lease(name, holder, ttlMs) {
      const [key, askedAt] = [keyOf('lease', name), clock.now()]
      const token = await circuit.ask(() => client.lease(key, holder, ttlMs))
      if (token === null) return null
      const extend = (ms: number) => circuit.ask(() => client.extend(key, token, ms))
      const [renew, release] = [async () => (await extend(ttlMs)) === 1, () => extend(0)]
      return createLease({ token, ttlMs, askedAt, clock, renew, release })
    },
    degraded: circuit.isOpen,
    async ping() {
      await circuit.ask(() => client.ping())
    },
    async [Symbol.asyncDispose]() {
      const usable = !circuit.isOpen()
      circuit.end()
      if (!usable || !(await hasQuit(client))) client.disconnect()
    },
  }
}

// Longer than Redis ever needs when it is well, and short enough to be waited for by a request.
const TIMEOUT_MS = 100

const keysOf = (namespace: string | undefined) => {
  const prefix = namespace === undefined ? 'crypto-signals' : `crypto-signals:${namespace}`
  return (kind: 'count' | 'value' | 'lease' | 'probe', key: string) => `${prefix}:${kind}${boundedKey(key)}`
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

const hasQuit = (client: Client) =>
  client.quit().then(
    () => true,
    () => false,
  )
