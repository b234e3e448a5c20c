import { effect, signal } from '@preact/signals'
import { ask } from '../market/market.ts'

/** Of which coins the page speaks, by who does. */
const wishes = signal<ReadonlyMap<string, readonly string[]>>(new Map())

/** Has the worker tell of these coins, in `namedCoins`, until the same one wishes for others. */
export function wishFor(owner: string, coinIds: readonly string[]): void {
  const last = wishes.peek().get(owner) ?? []
  const wanted = [...new Set(coinIds)]
  if (wanted.length === last.length && wanted.every((coinId, index) => coinId === last[index])) return
  wishes.value = new Map([...wishes.peek(), [owner, wanted]])
}

effect(() => {
  const coinIds = [...new Set([...wishes.value.values()].flat())]
  if (wishes.value.size > 0) ask({ ask: 'coins', coinIds })
})
