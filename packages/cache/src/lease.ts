import type { Clock } from '@crypto-signals/clock'
import type { Lease } from './cache.ts'

export interface Granted {
  token: number
  ttlMs: number
  /** When the grant was asked for. Counted from then, it never seems to last longer than it does. */
  askedAt: number
  clock: Clock
  renew: () => Promise<boolean>
  release: () => Promise<unknown>
}

/** A lease that was granted, as its holder sees it. */
export function createLease({ token, ttlMs, askedAt, clock, renew, release }: Granted): Lease {
  let [since, ours] = [askedAt, true]
  return {
    token,
    isHeld() {
      const heldMs = clock.now() - since
      return ours && heldMs >= 0 && heldMs < ttlMs
    },
    async renew() {
      const now = clock.now()
      const renewed = ours && (await renew())
      // It may have been released meanwhile.
      ours = ours && renewed
      if (ours) since = now
      return ours
    },
    async release() {
      if (!ours) return
      ours = false
      await release().catch(() => undefined)
    },
  }
}
