import assert from 'node:assert/strict'
import {
  ACTION_FILTERS,
  type Action,
  type MarketRow,
  type Quote,
  type ScoredCoin,
  type StreamMessage,
  type StreamQuery,
  TIMEFRAMES,
  type TriggeredAlert,
} from '@crypto-signals/contracts'
import { alertOf, type FakeClock, quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import { WEB_SOCKET } from '../src/live/framing.ts'
import { createHub } from '../src/live/hub.ts'
import type { Sink } from '../src/live/stream.ts'
import { createMarket } from '../src/read-model/market.ts'
import { createRowFilter } from '../src/read-model/row-filter.ts'
import { HOSTILE } from './arbitraries.ts'
import { createFollower, type Follower } from './follower.ts'
import { rowsOf, wantedOf } from './rows.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

// A comma cannot be part of a list.
const COINS = [...HOSTILE.slice(0, 12), ...Array.from({ length: 18 }, (_, i) => `coin-${i}`)].filter(
  (coinId) => !coinId.includes(','),
)
const coin = fc.constantFrom(...COINS)
const percent: fc.Arbitrary<number | null> = fc.option(
  fc.constantFrom(-60, -12, -9.9, -3, 0, 0.4, 4.9, 5, 9.9, 11, 13, 2_000),
)
const score: fc.Arbitrary<number> = fc.constantFrom(0, 19.99, 30, 50, 70, 80, 100)

/** What changed of one coin. */
const change = fc.record({
  coinId: coin,
  quote: fc.option(fc.record({ '1h': percent, '24h': percent, '7d': percent, '30d': percent })),
  scores: fc.option(fc.tuple(score, score, score, score)),
})
export type Change = typeof change extends fc.Arbitrary<infer C> ? C : never

export const changes = fc.array(change, { minLength: 1, maxLength: 12 })

const list = (words: readonly string[], maxLength: number) =>
  fc.option(
    fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength }).map((some) => some.join()),
    {
      nil: undefined,
    },
  )

/** Filters as a query has them. */
export const filters = fc
  .record({
    coins: list([...COINS, 'unknown'], 8),
    timeframe: fc.option(fc.constantFrom(...TIMEFRAMES), { nil: undefined }),
    actions: list(ACTION_FILTERS, 3),
    min_change: fc.option(fc.constantFrom(0, 0.3, 5, 10, 12, 1_500), { nil: undefined }),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Filter)

export type Filter = Omit<StreamQuery, 'since' | 'snapshot'>

/** A market with a hub, and what it held at each version. */
export function openLiveMarket(clock: FakeClock, messageRows: number) {
  const market = createMarket()
  const dropped: string[] = []
  const nothing = { inc: () => undefined }
  const meter = {
    messages: nothing,
    bytes: nothing,
    dropped: { inc: ({ reason }: { reason: string }) => dropped.push(reason) },
  }
  const hub = createHub({ market, clock, simulated: true, meter, messageRows })
  const [quotes, scored, alerts] = [new Map<string, Quote>(), new Map<string, ScoredCoin>(), [] as TriggeredAlert[]]
  const states = new Map([[market.version, new Map<string, MarketRow>()]])
  let moment = 0
  return {
    market,
    hub,
    alerts,
    dropped,
    /** What it held at a version. */
    stateAt: (version: string) => states.get(version) as Map<string, MarketRow>,
    change: (changes: readonly Change[]) => {
      const batch = observed(changes, moment)
      moment += changes.length
      for (const quote of batch.quotes) quotes.set(quote.coinId, quote)
      for (const coin of batch.scored) scored.set(coin.coinId, coin)
      market.load(batch)
      market.refresh()
      states.set(market.version, rowsOf(quotes.values(), scored))
      hub.changed()
    },
    alert: (coinId: string) => {
      const trigger = triggerOf(alerts.length, coinId, clock.now())
      alerts.push(trigger)
      hub.alert(trigger)
    },
  }
}
export type LiveMarket = ReturnType<typeof openLiveMarket>

/** What sources and scoring say of the changes, each a millisecond after the one before it. */
export function observed(changes: readonly Change[], afterMs: number): { quotes: Quote[]; scored: ScoredCoin[] } {
  const [quotes, scored] = [[] as Quote[], [] as ScoredCoin[]]
  for (const [i, { coinId, quote, scores }] of changes.entries()) {
    const at = new Date(START + afterMs + i + 1).toISOString()
    const times = { coinId, name: `${coinId} Coin`, observedAt: at }
    if (quote) quotes.push(quoteOf({ ...times, receivedAt: at, changePct: quote, sparkline: [1, 2, 3] }))
    const on = scores && Object.fromEntries(TIMEFRAMES.map((name, n) => [name, { finalScore: scores[n] as number }]))
    if (on) scored.push(scoredCoinOf({ ...times, updatedAt: at, on }))
  }
  return { quotes, scored }
}

export function triggerOf(n: number, coinId: string, atMs: number): TriggeredAlert {
  const { alertId, alertType, settings } = alertOf()
  const triggerId = `0196a000-0000-7000-8000-${String(n).padStart(12, '0')}`
  const [evidence, triggeredAt] = [
    { price: 1, score: null, observedAt: new Date(atMs).toISOString() },
    new Date(atMs).toISOString(),
  ]
  return { triggerId, alertId, sequence: n + 1, coinId, alertType, settings, isTriggered: true, triggeredAt, evidence }
}

/** How somebody begins or goes on: with the id he knows, with an older one, with one that nobody knows, with everything, or with the state of now. */
export const ways = fc.constantFrom('last', 'older', 'unknown', 'snapshot', 'now')
export type Way = 'last' | 'older' | 'unknown' | 'snapshot' | 'now'

/** A caller of the hub who checks with each id that he holds what was held at that version. While he is slow, a message waits until he takes it. */
export function createCaller({ market, hub, alerts, stateAt }: LiveMarket, query: Filter) {
  const seen = new Set<string>()
  const known: { id: string; rows: Map<string, MarketRow> }[] = []
  let [follower, owedFrom]: [Follower, number] = [createFollower(), alerts.length]
  let leave: (() => void) | undefined

  const take = (message: StreamMessage) => {
    const { event, id } = message
    follower.apply(message)
    if (event === 'alert') seen.add(message.data.triggerId)
    if (event === 'reset') owedFrom = alerts.length
    if (event !== 'changes' || id === undefined) return
    assert.deepEqual(follower.rows, wantedOf(stateAt(id), query), `what is held at ${id}`)
    known.push({ id, rows: new Map(follower.rows) })
  }
  const cut = () => {
    leave?.()
    leave = undefined
    reading.forget()
  }
  const reading = createReading(take, cut)
  const startOf = (way: Way) => {
    if (way === 'older') return known[Math.floor(known.length / 2)] ?? { id: undefined, rows: new Map() }
    if (way === 'last') return { id: follower.id, rows: follower.rows }
    if (way === 'now') return { id: undefined, rows: wantedOf(stateAt(market.version), query) }
    return { id: way === 'unknown' ? 'none-none' : undefined, rows: new Map([...follower.rows].slice(0, 3)) }
  }
  return {
    ...reading,
    cut,
    go(way: Way) {
      cut()
      const { id, rows } = startOf(way)
      follower = createFollower(rows, id)
      if (id === undefined) owedFrom = alerts.length
      leave = hub.open({ filter: filterOf(market, query), since: id, wantsAll: way !== 'now' }, reading.sink)
    },
    isGone: () => leave === undefined,
    rows: () => follower.rows,
    /** Firings that he should know of and does not. */
    missed: () =>
      alerts
        .slice(owedFrom)
        .filter(({ coinId }) => !query.coins || query.coins.split(',').includes(coinId))
        .filter(({ triggerId }) => !seen.has(triggerId)),
  }
}

function createReading(take: (message: StreamMessage) => void, cut: () => void) {
  let [isSlow, waiting]: [boolean, (() => void) | undefined] = [false, undefined]
  const sink: Sink = {
    framing: WEB_SOCKET,
    send(frame, drained) {
      const message = JSON.parse(frame.toString()) as StreamMessage
      if (!isSlow) {
        take(message)
        return true
      }
      assert.equal(waiting, undefined, 'one message at a time')
      waiting = () => {
        take(message)
        waiting = undefined
        drained()
      }
      return false
    },
    end: cut,
    destroy: cut,
  }
  return {
    sink,
    slow: (is: boolean) => {
      isSlow = is
    },
    /** Takes the message that waits. */
    drain: () => waiting?.(),
    forget: () => {
      waiting = undefined
    },
  }
}

function filterOf(market: LiveMarket['market'], { coins, timeframe, actions, min_change: minChange }: Filter) {
  const wanted = actions?.split(',').map((word) => word.toUpperCase() as Action)
  return createRowFilter(market, { coins: coins?.split(','), timeframe, actions: wanted, minChange })
}
