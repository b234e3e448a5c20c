import {
  SCORE_INTERVAL_MS,
  SCORE_INTERVALS,
  SCORES_KEPT,
  type ScoreInterval,
  type ScorePoint,
} from '@crypto-signals/contracts'
import * as fc from 'fast-check'
import type { CoinScores } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'

export function scoresContract(guarantee: Guarantee): void {
  guarantee('gives scores back to half a point, after a restart, no opinion as such', async (t, { store, open }) => {
    const scores = [0, 0.5, 99.5, 100, null]
    const points = scores.map((score, index) => ({
      ...pointOf('1d', 2 * index),
      SCALPING: score,
      LONG_TERM: scores.at(-1 - index) ?? null,
    }))
    const none = { SCALPING: null, DAY_TRADING: null, SWING_TRADING: null, LONG_TERM: null }
    points.push({ ...pointOf('1d', 20), ...none })
    await store.scores.save([{ coinId: '猫:"', interval: '1d', points }])
    await store[Symbol.asyncDispose]()
    const reopened = await open()
    t.strictSame(await reopened.scores.of('猫:"', '1d'), points, 'and no points where there were none')
  })

  guarantee('keeps the scores of each coin and interval apart', async (t, { store: { scores } }) => {
    const coins = ['a', 'A', 'a:b'].flatMap((coinId, index) =>
      SCORE_INTERVALS.map((interval) => coinScoresOf({ coinId, interval }, [index])),
    )
    await scores.save(coins)
    for (const { coinId, interval, points } of coins) t.strictSame(await scores.of(coinId, interval), points)
    t.strictSame([await scores.of('none', '1h'), await scores.of('1h:a', '1h')], [[], []])
    await scores.save([])
    await scores.save([coinScoresOf({ coinId: 'none' }, [])])
    t.strictSame(await scores.of('none', '1h'), [])
  })

  guarantee(
    'puts points in whatever their order, the later call winning, and keeps those of the last intervals',
    async (t, { store: { scores } }) => {
      let run = 0
      const indices = fc.uniqueArray(fc.nat(3 * KEPT), { maxLength: 20 })
      await fc.assert(
        fc.asyncProperty(fc.array(indices, { maxLength: 4 }), async (calls) => {
          const coinId = `coin-${run++}`
          const expected = new Map<number, ScorePoint>()
          for (const [call, some] of calls.entries()) {
            const points = some.map((index) => ({ ...pointOf('1h', index), DAY_TRADING: call }))
            for (const [n, index] of some.entries()) expected.set(index, points[n] as ScorePoint)
            await scores.save([{ coinId, interval: '1h', points }])
          }
          const newest = Math.max(...expected.keys())
          const kept = [...expected].filter(([index]) => index > newest - KEPT).sort(([a], [b]) => a - b)
          const stored = await scores.of(coinId, '1h')
          t.strictSame(
            stored,
            kept.map(([, point]) => point),
          )
        }),
        { numRuns: 30 },
      )
    },
  )

  guarantee(
    'puts in what one call says twice of the same coin, the later one last',
    async (t, { store: { scores } }) => {
      const later = { ...pointOf('1h', 1), SCALPING: 7.5 }
      await scores.save([
        coinScoresOf({}, [1, 2]),
        coinScoresOf({ interval: '1d' }, [5]),
        { coinId: 'bitcoin', interval: '1h', points: [later, pointOf('1h', 0)] },
      ])
      t.strictSame(await scores.of('bitcoin', '1h'), [pointOf('1h', 0), later, pointOf('1h', 2)])
      t.strictSame(await scores.of('bitcoin', '1d'), [pointOf('1d', 5)])
    },
  )

  guarantee('loses nothing of what several write at once', async (t, { store, open }) => {
    const writers = [store, await open(), await open()]
    const rounds = Array.from({ length: 10 }, (_, index) => index)
    const indexOf = (round: number, writer: number) => writers.length * round + writer
    for (const round of rounds) {
      await Promise.all(writers.map(({ scores }, writer) => scores.save([coinScoresOf({}, [indexOf(round, writer)])])))
    }
    const indices = rounds.flatMap((round) => writers.map((_, writer) => indexOf(round, writer)))
    t.strictSame(await store.scores.of('bitcoin', '1h'), coinScoresOf({}, indices).points)
  })

  guarantee('saves nothing of a call with a point at no beginning of an interval', async (t, { store: { scores } }) => {
    for (const at of ['2026-01-01T00:30:00.000Z', '1969-12-31T23:00:00.000Z', 'never']) {
      const bad: CoinScores = { coinId: 'b', interval: '1h', points: [{ ...pointOf('1h', 0), at }] }
      await t.rejects(scores.save([coinScoresOf({ coinId: 'a' }), bad]), RangeError)
    }
    t.strictSame([await scores.of('a', '1h'), await scores.of('b', '1h')], [[], []])
  })
}

const START = Date.parse('2026-01-01T00:00:00.000Z')

const KEPT = SCORES_KEPT['1h']

const pointOf = (interval: ScoreInterval, index: number): ScorePoint => ({
  at: new Date(START + index * SCORE_INTERVAL_MS[interval]).toISOString(),
  SCALPING: (index % 201) / 2,
  DAY_TRADING: 50,
  SWING_TRADING: null,
  LONG_TERM: 62.5,
})

/** Points of a coin, three unless told otherwise, at these multiples of the interval since 2026. */
export function coinScoresOf(
  { coinId = 'bitcoin', interval = '1h' }: Partial<CoinScores> = {},
  indices: readonly number[] = [0, 1, 3],
): CoinScores {
  return { coinId, interval, points: indices.map((index) => pointOf(interval, index)) }
}
