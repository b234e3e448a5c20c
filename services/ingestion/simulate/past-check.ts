import { BAR_MS, type Bar, CHANGE_SPAN_MS, type ChangeSpan, type Quote } from '@crypto-signals/contracts'
import type { Simulator } from '@crypto-signals/simulator'
import type { BarStore } from '@crypto-signals/store'

/** What was held against the truth, and what of it was wrong, in words. */
export interface Held {
  count: number
  wrong: readonly string[]
}

/** Holds the changes of quotes against the true prices: the one that a change starts from must be one that the coin had near the span's beginning. */
export const createChangesCheck = (simulator: Simulator, tolerance: number) => {
  const wrong: string[] = []
  let count = 0
  const look = ({ coinId, priceUsd, changePct, origins, observedAt }: Quote, span: Span) => {
    const change = changePct[span]
    // Of a price that fell to nothing nobody can tell where it came from.
    if (!priceUsd || change === null || change <= -99.99) return
    const beganAt = Date.parse(observedAt) - CHANGE_SPAN_MS[span]
    const before = priceUsd / (1 + change / 100)
    const truth = rangeOf(simulator, { coinId, fromMs: beganAt - FARTHEST_MS, toMs: beganAt + FARTHEST_MS })
    // Of a coin that was not there yet some sources tell that nothing changed.
    if (truth === null) return
    count++
    if (isWithin(before, truth, tolerance)) return
    wrong.push(
      `${coinId}: ${span} ${change} % to ${priceUsd} at ${observedAt} by ${origins.changes?.source} of ${origins.changes?.observedAt} starts from ${before}, not ${told(truth)}`,
    )
  }
  return {
    published: (quote: Quote): void => {
      for (const span of SPANS) look(quote, span)
    },
    held: (): Held => ({ count, wrong }),
  }
}

const SPANS = ['24h', '7d'] as const satisfies ChangeSpan[]
type Span = (typeof SPANS)[number]

// The last bar of an hour that ended by then, and a slow source's lag.
const FARTHEST_MS = 90 * 60_000

/** Holds the stored bars of one in so many coins against the true prices of their time. */
export const checkBars = async (
  bars: BarStore,
  simulator: Simulator,
  { everyNth, tolerance }: { everyNth: number; tolerance: number },
): Promise<Record<'built' | 'filled', Held>> => {
  const held = { built: { count: 0, wrong: [] as string[] }, filled: { count: 0, wrong: [] as string[] } }
  const look = (coinId: string, interval: CheckedInterval, bar: Bar) => {
    const into = held[bar.filled ? 'filled' : 'built']
    into.count++
    const openedAt = Date.parse(bar.openedAt)
    const [fromMs, toMs] = [openedAt - LAG_MS, openedAt + BAR_MS[interval]]
    const truth = rangeOf(simulator, { coinId, fromMs, toMs })
    if ([bar.open, bar.high, bar.low, bar.close].every((price) => isWithin(price, truth, tolerance))) return
    into.wrong.push(`${coinId} ${interval}: ${JSON.stringify(bar)} was ${told(truth)}`)
  }
  for (const interval of ['1h', '1d'] as const) {
    let place = 0
    for await (const batch of bars.all(interval, 200)) {
      for (const { coinId } of batch.filter(() => place++ % everyNth === 0))
        for (const bar of await bars.of(coinId, interval, EVER)) look(coinId, interval, bar)
    }
  }
  return held
}

type CheckedInterval = '1h' | '1d'

const EVER = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }

/** Sources tell the price of up to five minutes before the moment that they name. */
const LAG_MS = 300_000

interface Range {
  low: number
  high: number
}

const STEPS = 48

/** Between what a coin truly cost in a span; null if it was not there yet. */
const rangeOf = (
  simulator: Simulator,
  { coinId, fromMs, toMs }: { coinId: string; fromMs: number; toMs: number },
): Range | null => {
  const moments = Array.from({ length: STEPS + 1 }, (_, step) => fromMs + ((toMs - fromMs) * step) / STEPS)
  const prices = moments.flatMap((ms) => simulator.truePrice(coinId, ms) ?? [])
  return prices.length === 0 ? null : { low: Math.min(...prices), high: Math.max(...prices) }
}

const isWithin = (price: number, range: Range | null, tolerance: number): boolean =>
  range !== null && price >= range.low * (1 - tolerance) && price <= range.high * (1 + tolerance)

const told = (range: Range | null): string => (range === null ? 'there yet' : `${range.low} to ${range.high}`)
