import type { Clock } from '@crypto-signals/clock'
import type { Cache } from './cache.ts'
import { boundedKey } from './key.ts'
import { createLeases } from './leases.ts'
import { createValues, MAX_VALUE_BYTES } from './values.ts'
import { createWindows } from './windows.ts'

/** The cache of a system that lives in one process. */
export function openInProcess({ clock }: { clock: Clock }): Cache {
  const [windows, values, leases] = [createWindows(clock), createValues(clock), createLeases(clock)]
  return {
    adapter: 'in-process',
    increment: async (key, windowMs) => windows.increment(boundedKey(key), windowMs),
    get: async (key) => values.get(boundedKey(key)),
    async set(key, value, ttlMs) {
      if (value.byteLength <= MAX_VALUE_BYTES) values.set(boundedKey(key), value, ttlMs)
    },
    lease: async (name, holder, ttlMs) => leases(name, holder, ttlMs),
    degraded: () => false,
    async ping() {},
    async [Symbol.asyncDispose]() {},
  }
}
