import type { MergedCoin } from './merged-coin.ts'

/**
 * Moves on the times that a coin's quote bears, after it changed. Whoever keeps or reads quotes keeps of each coin the one with the
 * larger (observedAt, receivedAt). If a wrong price was given out and is then corrected by one that was observed earlier, a quote with
 * that time would be refused everywhere, and the wrong price would stay until somebody passes its time. So observedAt never goes
 * back, and receivedAt, where observedAt stays, goes on: each change replaces what was given out before.
 */
export function advanceTimes(coin: MergedCoin, receivedAt: number): void {
  const before = coin.observedAtMs
  coin.observedAtMs = Math.max(before, coin.price?.observedAtMs ?? coin.unpriced?.observedAtMs ?? before)
  coin.receivedAt = Math.max(receivedAt, coin.observedAtMs > before ? coin.receivedAt : coin.receivedAt + 1)
}
