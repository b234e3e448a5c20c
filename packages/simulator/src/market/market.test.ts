import { array, assert, integer, nat, property, tuple } from 'fast-check'
import t from 'tap'
import { type Coin, DAY_MS, HOUR_MS, lastUpdatedMs, listedAtMs } from './coin.ts'
import { SPANS_MS, type Span } from './factors.ts'
import { ODD_COINS } from './listings.ts'
import { marketOf } from './market.ts'
import { pathAt } from './path.ts'
import { rowOf } from './row.ts'
import { snapshotOf } from './snapshot.ts'

const NOW = Date.parse('2026-03-01T12:34:30.000Z')
const SPANS = Object.keys(SPANS_MS) as Span[]
const OPTIONS = { spans: SPANS, sparkline: true, withClaims: false }

const market = marketOf(1, 17_200)
const snapshot = snapshotOf(market, NOW)
const rows = market.coins.map((coin, index) => ({
  coin,
  row: rowOf(market, snapshot, index, { ...OPTIONS, sparkline: false }),
}))
const small = marketOf(3, 600)
const share = (wanted: (coin: Coin) => boolean) => market.coins.filter(wanted).length / market.coins.length
const idsOf = (some: typeof rows) => some.map(({ coin }) => coin.id)
const changeOf = (row: object, span: Span) =>
  (row as Record<string, unknown>)[`price_change_percentage_${span}_in_currency`] as number | null
const between = (
  t: { ok(value: boolean, name: string): boolean },
  what: string,
  value: number,
  [low, high]: readonly [number, number],
) => t.ok(value >= low && value <= high, `${what}: ${value} is from ${low} to ${high}`)

t.test('the price at a time is the same whatever was asked before', async (t) => {
  const other = marketOf(3, 600)
  assert(
    property(
      array(tuple(nat(599), integer({ min: -400 * DAY_MS, max: 0 })), { minLength: 2, maxLength: 40 }),
      (asked) => {
        const ask =
          (of: typeof small) =>
          ([index, before]: readonly [number, number]) =>
            of.priceAt(of.coins[index] as Coin, NOW + before, NOW)
        t.same(asked.map(ask(small)), asked.toReversed().map(ask(other)).toReversed())
      },
    ),
    { numRuns: 50 },
  )
})

t.test('one seed makes one market, another seed another', async (t) => {
  const written = (seed: number) => JSON.stringify(marketOf(seed, 600).coins)
  t.equal(written(3), JSON.stringify(small.coins))
  t.not(written(4), JSON.stringify(small.coins))
})

t.test('a path typically moves by 1 in 24 h and by about the root of it in 1 h', async (t) => {
  const typical = (ms: number) => {
    const moves = Array.from({ length: 20_000 }, (_, seed) => {
      const from = NOW + seed * 7 * HOUR_MS
      return pathAt(seed * 7_919, from + ms) - pathAt(seed * 7_919, from)
    })
    return Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length)
  }
  between(t, '24 h', typical(DAY_MS), [0.95, 1.05])
  between(t, '1 h', typical(HOUR_MS), [0.17, 0.25])
  between(t, '30 s', typical(30_000), [0.002, 0.03])
})

t.test('each change is that from the price quoted then to the price quoted now', async (t) => {
  for (const span of SPANS) {
    const before = snapshotOf(small, NOW - SPANS_MS[span])
    const now = snapshotOf(small, NOW)
    let compared = 0
    small.coins.forEach((coin, index) => {
      const then = rowOf(small, before, index, OPTIONS).current_price
      const row = rowOf(small, now, index, OPTIONS)
      const change = changeOf(row, span)
      // A dead coin changes only when somebody trades it again.
      if (coin.state !== 'live' || change === null) return
      compared++
      const quoted = ((row.current_price as number) / (then as number) - 1) * 100
      if (Math.abs(quoted - change) > 1e-4 * Math.max(1, Math.abs(quoted)))
        t.fail(`${coin.id} over ${span}: ${change}, quoted ${quoted}`)
    })
    t.ok(compared > 300, `${compared} coins compared over ${span}`)
  }
})

t.test('a sparkline is the prices quoted at the last 168 whole hours', async (t) => {
  const now = snapshotOf(small, NOW)
  const sparklines = small.coins.map((_, index) => rowOf(small, now, index, OPTIONS).sparkline_in_7d?.price ?? [])
  for (const hoursAgo of [0, 1, 23, 100, 167]) {
    const then = snapshotOf(small, Math.floor(NOW / HOUR_MS) * HOUR_MS - hoursAgo * HOUR_MS)
    small.coins.forEach(({ id, state, young }, index) => {
      if (state !== 'live' || young) return
      const quoted = then.prices[index] as number
      const shown = sparklines[index]?.at(-1 - hoursAgo) as number
      if (Math.abs(shown / quoted - 1) > 1e-6) t.fail(`${id} ${hoursAgo} h ago: ${shown}, quoted ${quoted}`)
    })
  }
})

t.test('the range of the day holds the price, and the records hold the range', async (t) => {
  const wrong = rows.filter(({ coin, row }) => {
    if (coin.state !== 'live') return row.high_24h !== null
    const [low, high] = [row.low_24h as number, row.high_24h as number]
    const records = row as unknown as { ath: number; atl: number }
    return (
      (row.current_price as number) < low ||
      (row.current_price as number) > high ||
      records.ath < high ||
      records.atl > low
    )
  })
  t.same(idsOf(wrong), [])
})

t.test('a market cap is price times supply, and 0 with no rank where the supply is unknown', async (t) => {
  const wrong = rows.filter(({ coin, row }) => {
    if (row.current_price === null) return row.market_cap !== null || row.market_cap_rank !== null
    if (coin.supply === 0) return row.market_cap !== 0 || row.market_cap_rank !== null
    const cap = row.current_price * coin.supply
    return Math.abs((row.market_cap as number) - cap) > 0.6 + cap * 1e-6
  })
  t.same(idsOf(wrong), [])
})

t.test('a coin younger than a span has no change over it, one younger than a week a short sparkline', async (t) => {
  const young = rows.filter(({ coin }) => coin.young)
  const wrong = young.filter(({ coin, row }) => {
    const age = NOW - (listedAtMs(coin, NOW) as number)
    return SPANS.some((span) => (changeOf(row, span) === null) !== SPANS_MS[span] > age)
  })
  t.same(idsOf(wrong), [])
  const fresh = young.filter(({ coin }) => NOW - (listedAtMs(coin, NOW) as number) < 7 * DAY_MS)
  between(t, 'coins younger than a week', fresh.length, [5, 100])
  for (const { coin } of fresh) {
    const row = rowOf(market, snapshot, market.indexOf(coin.id) as number, OPTIONS)
    const hours = Math.floor(NOW / HOUR_MS) - Math.ceil((listedAtMs(coin, NOW) as number) / HOUR_MS) + 1
    t.equal(row.sparkline_in_7d?.price.length, Math.min(168, hours))
  }
})

t.test('a dead coin was last seen weeks to months ago, stands still and has no volume', async (t) => {
  const dead = rows.filter(({ coin }) => coin.state === 'dead')
  const wrong = dead.filter(({ coin, row }) => {
    const age = NOW - lastUpdatedMs(coin, NOW)
    return (
      age < 14 * DAY_MS ||
      age > 220 * DAY_MS ||
      row.price_change_percentage_24h !== 0 ||
      (row.total_volume ?? 0) !== 0 ||
      Date.parse(row.last_updated as string) !== NOW - age
    )
  })
  t.same(idsOf(wrong), [])
  t.ok(dead.some(({ row }) => row.total_volume === null) && dead.some(({ row }) => row.total_volume === 0))
})

t.test('a claim on a coin moves as the coin does, and a peg holds', async (t) => {
  const bitcoin = rows.find(({ coin }) => coin.id === 'bitcoin')?.row.price_change_percentage_24h as number
  const wrapped = rows.filter(({ coin }) => coin.rehypothecated && coin.symbol === 'wbtc')
  t.ok(wrapped.length > 10)
  t.same(idsOf(wrapped.filter(({ row }) => Math.abs((row.price_change_percentage_24h ?? 0) - bitcoin) > 1e-4)), [])
  const pegged = rows.filter(({ coin }) => coin.basePriceUsd === 1 && coin.motion.scales === 5 && coin.state === 'live')
  t.ok(pegged.length > 50)
  t.same(idsOf(pegged.filter(({ row }) => Math.abs((row.current_price as number) - 1) > 0.03)), [])
})

t.test('a rank is one more than the number of larger caps, and claims count only where they are wanted', async (t) => {
  for (const [ranks, claims] of [
    [snapshot.ranks, false],
    [snapshot.ranksWithClaims, true],
  ] as const) {
    const caps = market.coins
      .flatMap(({ rehypothecated }, index) => (rehypothecated && !claims ? [] : [snapshot.caps[index] as number]))
      .filter((cap) => cap > 0)
      .toSorted((a, b) => b - a)
    const expected = market.coins.map(({ rehypothecated }, index) =>
      rehypothecated && !claims ? 0 : caps.indexOf(snapshot.caps[index] as number) + 1,
    )
    t.equal([...ranks].join(), expected.join())
    t.ok(caps.length - new Set(caps).size > 10, 'there are ties')
  }
})

t.test('the market is as uneven as the real one', async (t) => {
  const symbols = Map.groupBy(market.coins, ({ symbol }) => symbol)
  between(
    t,
    'share of shared symbols',
    share(({ symbol }) => (symbols.get(symbol)?.length ?? 0) > 1),
    [0.3, 0.45],
  )
  between(
    t,
    'share of the dead',
    share(({ state }) => state === 'dead'),
    [0.2, 0.3],
  )
  between(
    t,
    'share without a price',
    share(({ state }) => state === 'unpriced'),
    [0.005, 0.03],
  )
  between(
    t,
    'share without a supply',
    share(({ supply }) => supply === 0),
    [0.2, 0.4],
  )
  between(
    t,
    'share of claims',
    share(({ rehypothecated }) => rehypothecated),
    [0.02, 0.1],
  )
  t.equal(symbols.get('')?.length, 5)
  t.equal(new Set(market.coins.map(({ id }) => id)).size, 17_200)
  t.ok(ODD_COINS.every(({ name }) => market.coins.some((coin) => coin.name === name)))
  const caps = snapshot.caps.filter((cap) => cap > 0).sort()
  between(t, 'decades of market cap', Math.log10((caps.at(-1) as number) / (caps[0] as number)), [8.5, 11])
  const volumes = new Set(rows.map(({ row }) => row.total_volume))
  t.ok(volumes.has(null) && volumes.has(0))
})

t.test('there are strong movers both ways over every span', async (t) => {
  for (const [span, limit] of [
    ['1h', 5],
    ['24h', 10],
    ['7d', 15],
    ['30d', 20],
  ] as const) {
    const changes = rows.map(({ row }) => changeOf(row, span) ?? 0)
    const up = changes.filter((change) => change > limit).length
    const down = changes.filter((change) => change < -limit).length
    t.ok(up > 170 && down > 170, `${span}: ${up} above +${limit} %, ${down} below -${limit} %`)
  }
})
