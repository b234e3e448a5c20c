import { BAR_MS, type Bar, type BarInterval } from '@crypto-signals/contracts'

/** What is known of a coin's bars of one length. */
export interface KnownBars {
  interval: BarInterval
  nowMs: number
  /** As they were last written, oldest first. */
  stored: readonly Bar[]
  /** Those of 5 minutes since `newestSinceMs`, which are written more often; not needed if it is them that are asked for. */
  fives: readonly Bar[]
  /** The newest price; null if there is none. */
  price: Price | null
}

export interface Price {
  usd: number
  observedAtMs: number
}

/** When the last but one bar opened, ms since the epoch: from there on bars may lack what came since they were written. */
export const newestSinceMs = (interval: BarInterval, nowMs: number): number =>
  openingOf(interval, nowMs) - BAR_MS[interval]

/** The bars, the last two of them completed by the shorter ones and by the price that lies in one of them. */
export function newestBars({ interval, nowMs, stored, fives, price }: KnownBars): Bar[] {
  const sinceMs = newestSinceMs(interval, nowMs)
  const five = price === null ? null : fiveOf(price)
  const isOfThem = five !== null && openedMs(five) >= sinceMs && openedMs(five) <= nowMs
  const withPrice = (bars: readonly Bar[]) => (isOfThem ? including(bars, five) : [...bars])
  if (interval === '5m') return withPrice(stored)
  const shorter = withPrice(fives)
  const endMs = sinceMs + 2 * BAR_MS[interval]
  const newest = [sinceMs, sinceMs + BAR_MS[interval]].flatMap((openedAtMs) => {
    const isWithin = (bar: Bar) => openingOf(interval, openedMs(bar)) === openedAtMs
    const own = stored.filter(isWithin)
    return joined([...own, ...shorter.filter(isWithin)], openedAtMs, own[0]?.volumeUsd ?? null) ?? []
  })
  const others = (isOther: (atMs: number) => boolean) => stored.filter((bar) => isOther(openedMs(bar)))
  return [...others((atMs) => atMs < sinceMs), ...newest, ...others((atMs) => atMs >= endMs)]
}

const openingOf = (interval: BarInterval, atMs: number) => Math.floor(atMs / BAR_MS[interval]) * BAR_MS[interval]

const openedMs = ({ openedAt }: Bar) => Date.parse(openedAt)

/** The bar of 5 minutes that a price alone makes, to the digits that are stored; null if it is beyond what is. */
function fiveOf({ usd, observedAtMs }: Price): Bar | null {
  const single = Math.fround(usd)
  if (!(single > 0 && single < Number.POSITIVE_INFINITY)) return null
  const price = Number(single.toPrecision(7))
  const openedAt = new Date(openingOf('5m', observedAtMs)).toISOString()
  return { openedAt, open: price, high: price, low: price, close: price, volumeUsd: null, filled: false }
}

/** Bars of 5 minutes with that of the newest price in its place: the price is its close, unless a later bar knows of a newer one. */
function including(bars: readonly Bar[], five: Bar): Bar[] {
  const before = bars.filter(({ openedAt }) => openedAt < five.openedAt)
  const held = bars.find(({ openedAt }) => openedAt === five.openedAt)
  const after = bars.filter(({ openedAt }) => openedAt > five.openedAt)
  const parts = held === undefined ? [five] : after.length === 0 ? [held, five] : [five, held]
  const taken = { ...joined(parts, openedMs(five), held?.volumeUsd ?? null), open: (held ?? five).open } as Bar
  return [...before, taken, ...after]
}

/** One bar of its parts, of which the first has its open and the last its close; none of no parts. */
function joined(parts: readonly Bar[], openedAtMs: number, volumeUsd: number | null): Bar | undefined {
  const [first, last] = [parts[0], parts.at(-1)]
  if (first === undefined || last === undefined) return undefined
  return {
    openedAt: new Date(openedAtMs).toISOString(),
    open: first.open,
    high: Math.max(...parts.map(({ high }) => high)),
    low: Math.min(...parts.map(({ low }) => low)),
    close: last.close,
    volumeUsd,
    filled: parts.every(({ filled }) => filled),
  }
}
