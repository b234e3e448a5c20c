import { BAR_INTERVALS, BAR_MS, BARS_KEPT, type BarInterval } from '@crypto-signals/contracts'
import * as fc from 'fast-check'
import type { BarSeries, CoinBars, Store } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'
import { batchesOf, rowsOf } from './observations.contract.ts'

export function barsContract(guarantee: Guarantee): void {
  guarantee('gives bars back bit for bit, after a restart, what is not known as such', async (t, { store, open }) => {
    const values = [Number.NaN, 0, 1e-40, 0.1, 1 / 3, 123456.789, 1e30]
    const coins = BAR_INTERVALS.map((interval) => {
      const series = seriesOf(
        interval,
        values.map((_, index) => 2 * index),
      )
      for (const [index, value] of values.entries()) {
        series.filled[index] = index % 2
        for (const column of [series.open, series.high, series.low, series.close]) column[index] = value || 1
        series.volumeUsd[index] = value
      }
      return { coinId: '猫:"', interval, series }
    })
    await store.bars.save(coins)
    await store[Symbol.asyncDispose]()
    const { bars } = await open()
    for (const coin of coins) t.strictSame((await rowsOf(bars.all(coin.interval, 10))).map(bitsOf), [bitsOf(coin)])
  })

  guarantee('reads the bars of a span, oldest first, to seven digits', async (t, { store: { bars } }) => {
    const series = seriesOf('1h', [0, 1, 2, 4])
    series.close.set([0.1, 1 / 3, 1e-7, 64_000.13])
    series.volumeUsd.set([Number.NaN, 5], 0)
    series.filled[2] = 1
    await bars.save([{ coinId: 'a', interval: '1h', series }])
    const of = async (from: number, to: number, coinId = 'a', interval: BarInterval = '1h') =>
      bars.of(coinId, interval, { fromMs: START + from * BAR_MS['1h'], toMs: START + to * BAR_MS['1h'] })
    t.strictSame(
      (await of(0, 5)).map(({ close }) => close),
      [0.1, 0.3333333, 1e-7, 64_000.13],
    )
    t.strictSame(await of(0, 2), [
      { openedAt: new Date(START).toISOString(), open: 1, high: 1, low: 1, close: 0.1, volumeUsd: null, filled: false },
      {
        openedAt: new Date(START + BAR_MS['1h']).toISOString(),
        open: 1,
        high: 1,
        low: 1,
        close: 0.3333333,
        volumeUsd: 5,
        filled: false,
      },
    ])
    t.strictSame(
      (await of(1.5, 4)).map(({ filled }) => filled),
      [true],
      'from the first moment to before the last',
    )
    t.strictSame(await of(3, 4), [])
    t.strictSame([await of(0, 5, 'A'), await of(0, 5, 'a', '5m'), await of(0, 5, 'none')], [[], [], []])
  })

  guarantee(
    'merges bars by when they opened, the later call winning, and keeps the newest',
    async (t, { store: { bars } }) => {
      let run = 0
      const openings = fc.uniqueArray(fc.nat(3 * KEPT), { maxLength: 2 * KEPT }).map((all) => all.sort((a, b) => a - b))
      await fc.assert(
        fc.asyncProperty(fc.array(openings, { maxLength: 4 }), async (calls) => {
          const coinId = `coin-${run++}`
          const expected = new Map<number, number>()
          for (const [call, indices] of calls.entries()) {
            const series = seriesOf('1h', indices)
            series.close.fill(call + 1)
            for (const index of indices) expected.set(index, call + 1)
            await bars.save([{ coinId, interval: '1h', series }])
          }
          const kept = [...expected].sort(([a], [b]) => a - b).slice(-KEPT)
          const stored = await bars.of(coinId, '1h', { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })
          t.strictSame(
            stored.map(({ openedAt, close }) => [(Date.parse(openedAt) - START) / BAR_MS['1h'], close]),
            kept,
          )
        }),
        { numRuns: 20 },
      )
    },
  )

  guarantee('merges what one call says twice of the same coin', async (t, { store: { bars } }) => {
    await bars.save([
      { coinId: 'a', interval: '5m', series: seriesOf('5m', [1, 2]) },
      { coinId: 'a', interval: '1h', series: seriesOf('1h', [7]) },
      { coinId: 'a', interval: '5m', series: seriesOf('5m', [0, 2, 3]) },
    ])
    t.strictSame(await openingsOf({ bars }, '5m'), [['a', [0, 1, 2, 3]]])
    t.strictSame(await openingsOf({ bars }, '1h'), [['a', [7]]])
  })

  guarantee('saves nothing of a call with bars that do not ascend or open at no multiple', async (t, { store }) => {
    const bad = [[1, 1], [2, 1], [0.5]]
    for (const indices of bad) {
      const calls = [
        coinBarsOf({ coinId: 'a' }),
        { coinId: 'b', interval: '5m', series: seriesOf('5m', indices) } as const,
      ]
      await t.rejects(store.bars.save(calls), RangeError)
    }
    t.strictSame(await openingsOf(store, '5m'), [])
  })

  guarantee(
    'iterates the coins of an interval by coinId, in batches, though others are saved',
    async (t, { store }) => {
      const { bars } = store
      const coins = ['z', 'a', 'ab', '猫', 'A', 'a:b']
      await bars.save(coins.flatMap((coinId) => BAR_INTERVALS.map((interval) => coinBarsOf({ coinId, interval }))))
      const ordered = ['A', 'a', 'a:b', 'ab', 'z', '猫']
      for (const interval of BAR_INTERVALS) {
        for (const size of [1, 4, 6, 100]) {
          const batches = await batchesOf(bars.all(interval, size))
          t.ok(batches.every(({ length }) => length > 0 && length <= size))
          t.strictSame(
            batches.flat().map(({ coinId }) => coinId),
            ordered,
          )
        }
      }
      const met: string[] = []
      for await (const batch of bars.all('1h', 2)) {
        met.push(...batch.map(({ coinId }) => coinId))
        await bars.save([
          coinBarsOf({ coinId: `0${met.length}`, interval: '1h' }),
          coinBarsOf({ coinId: 'A', interval: '1h' }),
        ])
      }
      t.strictSame(met, ordered)
    },
  )
}

const START = Date.parse('2026-01-01T00:00:00.000Z')

const KEPT = BARS_KEPT['1h']

/** Bars at whole multiples of the interval since 2026, all of the price 1. */
function seriesOf(interval: BarInterval, indices: readonly number[]): BarSeries {
  const ones = () => new Float32Array(indices.length).fill(1)
  return {
    openedAtMs: Float64Array.from(indices, (index) => START + index * BAR_MS[interval]),
    open: ones(),
    high: ones(),
    low: ones(),
    close: ones(),
    volumeUsd: new Float32Array(indices.length).fill(Number.NaN),
    filled: new Uint8Array(indices.length),
  }
}

/** Bars of a coin, three unless told otherwise, at these multiples of the interval since 2026. */
export function coinBarsOf(
  { coinId = 'bitcoin', interval = '5m' }: Partial<CoinBars> = {},
  indices: readonly number[] = [0, 1, 3],
): CoinBars {
  return { coinId, interval, series: seriesOf(interval, indices) }
}

async function openingsOf({ bars }: Pick<Store, 'bars'>, interval: BarInterval) {
  const rows = await rowsOf(bars.all(interval, 10))
  return rows.map(({ coinId, series }) => [
    coinId,
    Array.from(series.openedAtMs, (at) => (at - START) / BAR_MS[interval]),
  ])
}

function bitsOf({ series, ...coin }: CoinBars) {
  const columns = Object.entries(series).map(([name, column]) => [name, Buffer.from(column.buffer).toString('hex')])
  return { ...coin, ...Object.fromEntries(columns) }
}
