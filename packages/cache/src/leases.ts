import type { Clock } from '@crypto-signals/clock'
import type { Lease } from './cache.ts'
import { createLease } from './lease.ts'

/** Leases among the holders of this process. */
export function createLeases(clock: Clock): (name: string, holder: string, ttlMs: number) => Lease | null {
  const grants = new Map<string, Grant>()
  const grantOf = (name: string, token: number) => {
    const grant = grants.get(name)
    return grant?.token === token && grant.endsAt > clock.now() ? grant : undefined
  }
  return (name, holder, ttlMs) => {
    const askedAt = clock.now()
    const last = grants.get(name)
    if (last !== undefined && last.holder !== holder && last.endsAt > askedAt) return null
    // As in Redis: higher than before, also after a start that knows of no lease before.
    const token = Math.max(askedAt, (last?.token ?? 0) + 1)
    grants.set(name, { holder, token, endsAt: askedAt + ttlMs })
    const extend = (ms: number) => {
      const grant = grantOf(name, token)
      if (grant) grant.endsAt = clock.now() + ms
      return grant !== undefined
    }
    const [renew, release] = [async () => extend(ttlMs), async () => extend(0)]
    return createLease({ token, ttlMs, askedAt, clock, renew, release })
  }
}

interface Grant {
  holder: string
  token: number
  endsAt: number
}
