import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@crypto-signals/clock'
import type { ScoredCoin } from '@crypto-signals/contracts'
import type { Store } from '@crypto-signals/store'

/**
 * Evaluates what is stored of the coins with rules, for the signals whose event was lost. Whose event is still to come is left
 * to it: what happened before must be evaluated before. Rejects when the store fails, or with the signal's reason.
 */
export type Recover = (isBehind: () => Promise<boolean>, signal: AbortSignal) => Promise<void>

interface RecoveryPorts {
  store: Pick<Store, 'alerts' | 'signals'>
  clock: Clock
  observe: (coins: readonly ScoredCoin[]) => Promise<void>
}

export function createRecovery({ store, clock, observe }: RecoveryPorts): Recover {
  return async (isBehind, signal) => {
    // Signals are published before newer ones of the coin are stored. So once all that was published up to now has been
    // handled, what is stored now has no predecessor that waits; and if it is still the newest then, no successor either.
    const stored = await stampsOf(store)
    while (await isBehind()) await clock.sleep(POLL_MS, signal)
    for (const coinIds of chunksOf([...stored.keys()])) {
      signal.throwIfAborted()
      const coins = await store.signals.of(coinIds)
      await observe(coins.filter((coin) => stampOf(coin) === stored.get(coin.coinId)))
      await setImmediate()
    }
  }
}

const POLL_MS = 1_000

/** Which observation is stored of each coin that has rules. */
async function stampsOf({ alerts, signals }: RecoveryPorts['store']): Promise<Map<string, string>> {
  const stamps = new Map<string, string>()
  const looked = new Set<string>()
  for await (const records of alerts.all(RULES_AT_ONCE)) {
    const coinIds = new Set(records.map(({ alert }) => alert.coinId).filter((coinId) => !looked.has(coinId)))
    for (const chunk of chunksOf([...coinIds])) {
      for (const coin of await signals.of(chunk)) stamps.set(coin.coinId, stampOf(coin))
      await setImmediate()
    }
    for (const coinId of coinIds) looked.add(coinId)
  }
  return stamps
}

const stampOf = ({ signals }: ScoredCoin) => `${signals[0]?.observedAt} ${signals[0]?.updatedAt}`

const RULES_AT_ONCE = 500

// Signals are long: an embedded store reads so many in some milliseconds, and meanwhile nothing else is done.
const COINS_AT_ONCE = 50

const chunksOf = (ids: string[]) =>
  Array.from({ length: Math.ceil(ids.length / COINS_AT_ONCE) }, (_, index) =>
    ids.slice(index * COINS_AT_ONCE, (index + 1) * COINS_AT_ONCE),
  )
