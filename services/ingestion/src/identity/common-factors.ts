/**
 * By what factors the prices in each currency are off. Wrong mappings are wrong each in its own way; where prices of many coins are off
 * by one factor at the same time, it is the rate, or the source, that is wrong.
 */
export interface CommonFactors {
  /** Takes in that a source's price of a coin, said in a currency, is `factor` times what others say. */
  note(price: FactorOf, nowMs: number): void
  /** Whether of late most coins, or ten, were off by that factor within 2 %: the source's in that currency, or all sources'. */
  isCommon(price: FactorOf): boolean
}

export interface FactorOf {
  source: string
  currency: string
  coinId: string
  factor: number
}

export function createCommonFactors(): CommonFactors {
  const tallies = new Map<string, Tally>()
  const tallyOf = (name: string) => {
    const tally = tallies.get(name) ?? createTally()
    tallies.set(name, tally)
    return tally
  }
  return {
    note({ source, currency, coinId, factor }, nowMs) {
      for (const name of [currency, `${currency} ${source}`]) tallyOf(name).note(coinId, bucketOf(factor), nowMs)
    },
    isCommon: ({ source, currency, factor }) =>
      [currency, `${currency} ${source}`].some((name) => tallies.get(name)?.isCommon(bucketOf(factor))),
  }
}

/** Of 1 % each. */
const bucketOf = (factor: number) => Math.round(100 * Math.log(factor))
const NEIGHBOURS = [-2, -1, 0, 1, 2]
const MANY = 10
/** Every key is compared once in it, whenever its source speaks. */
const WINDOW_MS = 2 * 60_000

type Tally = ReturnType<typeof createTally>

/** What was last said of each coin, in this window of time and the one before. */
function createTally() {
  let [current, last] = [createWindow(), createWindow()]
  let endsAtMs = Number.NEGATIVE_INFINITY
  return {
    note(coinId: string, bucket: number, nowMs: number) {
      if (nowMs >= endsAtMs) {
        last = nowMs < endsAtMs + WINDOW_MS ? current : createWindow()
        current = createWindow()
        endsAtMs = nowMs + WINDOW_MS
      }
      last.remove(coinId)
      current.put(coinId, bucket)
    },
    isCommon(bucket: number) {
      let coins = 0
      for (const by of NEIGHBOURS) coins += current.sizeOf(bucket + by) + last.sizeOf(bucket + by)
      return coins >= MANY || (coins > 1 && 2 * coins > current.size() + last.size())
    },
  }
}

function createWindow() {
  const buckets = new Map<string, number>()
  const sizes = new Map<number, number>()
  const sizeOf = (bucket: number) => sizes.get(bucket) ?? 0
  const remove = (coinId: string) => {
    const bucket = buckets.get(coinId)
    if (bucket === undefined) return
    buckets.delete(coinId)
    sizes.set(bucket, sizeOf(bucket) - 1)
  }
  return {
    sizeOf,
    size: () => buckets.size,
    remove,
    put(coinId: string, bucket: number) {
      remove(coinId)
      buckets.set(coinId, bucket)
      sizes.set(bucket, sizeOf(bucket) + 1)
    },
  }
}
