/** A coin that changed, and when the answer that changed it came, ms since the epoch. */
export interface WaitingCoin {
  coinId: string
  receivedAt: number
}

/** Coins whose quotes must still go out, each once, with the newest receipt. */
export interface WaitingCoins {
  put(coins: readonly WaitingCoin[]): void
  /** Takes out those that are due, in the order in which they began to wait. */
  take(isDue: (coinId: string) => boolean): WaitingCoin[]
  readonly size: number
  /** Resolves when there is one. */
  some(): Promise<void>
}

export function createWaitingCoins(): WaitingCoins {
  const receipts = new Map<string, number>()
  let first = Promise.withResolvers<void>()
  return {
    put(coins) {
      for (const { coinId, receivedAt } of coins)
        receipts.set(coinId, Math.max(receivedAt, receipts.get(coinId) ?? receivedAt))
      if (receipts.size > 0) first.resolve()
    },
    take(isDue) {
      const due: WaitingCoin[] = []
      for (const [coinId, receivedAt] of receipts) if (isDue(coinId)) due.push({ coinId, receivedAt })
      for (const { coinId } of due) receipts.delete(coinId)
      // Otherwise somebody may still wait for the old one.
      if (due.length > 0 && receipts.size === 0) first = Promise.withResolvers<void>()
      return due
    },
    get size() {
      return receipts.size
    },
    some: () => first.promise,
  }
}
