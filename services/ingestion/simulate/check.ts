import type { Quote } from '@crypto-signals/contracts'
import type { Simulator } from '@crypto-signals/simulator'
import type { Identity } from '../src/identity/identity.ts'
import { createChangesCheck, type Held } from './past-check.ts'

/** What was found in all that was published. */
export interface Findings {
  coins: number
  prices: number
  bySource: ReadonlyMap<string, { prices: number; wrong: number }>
  /** In words. */
  wrong: readonly string[]
  /** Of one in so many quotes. */
  changes: Held
}

/** Holds every quote that is published against the true price, and the changes of some. */
export const createCheck = (simulator: Simulator, tolerance: number) => {
  const coins = new Set<string>()
  const bySource = new Map<string, { prices: number; wrong: number }>()
  const wrong: string[] = []
  const changes = createChangesCheck(simulator, tolerance)
  let [prices, seen] = [0, 0]

  const look = ({ coinId, priceUsd, source, observedAt }: Quote, now: number) => {
    coins.add(coinId)
    if (priceUsd === null) return
    prices++
    const counts = bySource.get(source) ?? { prices: 0, wrong: 0 }
    bySource.set(source, counts)
    counts.prices++
    if (isNear(simulator, { coinId, priceUsd, at: Date.parse(observedAt), tolerance })) return
    counts.wrong++
    const truth = simulator.truePrice(coinId, Date.parse(observedAt))
    wrong.push(
      `${new Date(now).toISOString()} ${coinId}: ${priceUsd} from ${source}, seen at ${observedAt}, is ${truth}`,
    )
  }
  return {
    published: (quotes: readonly Quote[], now: number): void => {
      for (const quote of quotes) {
        look(quote, now)
        if (seen++ % CHANGES_EVERY_NTH === 0) changes.published(quote)
      }
    },
    line: () => `${coins.size} coins, ${prices} prices, ${wrong.length} wrong`,
    findings: (): Findings => ({ coins: coins.size, prices, bySource, wrong, changes: changes.held() }),
  }
}

// Each takes a hundred true prices.
const CHANGES_EVERY_NTH = 20

/** Sources tell the price of up to five minutes before the moment that they name. */
const LOOKS_BACK_MS = [0, 60_000, 120_000, 180_000, 300_000]

const isNear = (
  simulator: Simulator,
  { coinId, priceUsd, at, tolerance }: { coinId: string; priceUsd: number; at: number; tolerance: number },
): boolean =>
  LOOKS_BACK_MS.some((backMs) => {
    const truth = simulator.truePrice(coinId, at - backMs)
    return truth !== null && Math.abs(priceUsd / truth - 1) <= tolerance
  })

/** Coins that a source's key is taken for although it means another, in words. */
export const wrongMappings = (identity: Identity, simulator: Simulator, source: string): string[] => {
  const meanings = simulator.meanings(source)
  if (meanings.size === 0) return []
  return [...identity.coinsOf(source)].flatMap((coinId) => {
    const key = identity.keyOf(source, coinId)?.key
    const means = key === undefined ? undefined : meanings.get(key)
    return means === coinId || means === undefined
      ? []
      : [`${source}: ${key} is taken for ${coinId} and means ${means}`]
  })
}
