import {
  Failure,
  receiptOf,
  SCORE_INTERVAL_MS,
  SCORE_INTERVALS,
  type ScoredCoin,
  type ScoreInterval,
  ScoresList,
  scorePointOf,
  versionIn,
} from '@crypto-signals/contracts'
import { quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import { openWorld } from '../../test/world.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

const STRANGE = 'a/b 猫"'

/** What a coin was scored at after so many minutes. */
function scoredAt(minute: number, finalScore: number, coinId = 'bitcoin'): ScoredCoin {
  const instant = new Date(START + minute * 60_000).toISOString()
  const on = { LONG_TERM: { insufficientData: true } }
  return scoredCoinOf({ coinId, finalScore, observedAt: instant, updatedAt: instant, on })
}

const pointAt = (minute: number, score: number, interval: ScoreInterval = '1h') =>
  scorePointOf(scoredAt(minute, score), interval)

async function openScored(...scored: ScoredCoin[]) {
  const quotes = [...scored.map(({ coinId }) => coinId), 'unscored'].map((coinId) => quoteOf({ coinId }))
  const world = await openWorld({ quotes, scored })
  await world.service.start()
  const history = async (query = '', coinId = 'bitcoin') =>
    (await world.get(`/api/signals/coin/${encodeURIComponent(coinId)}/history${query}`)).json().data
  return { ...world, history }
}

t.test(
  'answers with the scores of a coin, oldest first and the present ones last, as the contract has them',
  async (t) => {
    await using world = await openScored(scoredAt(3_000, 71.24), scoredAt(0, 50, STRANGE))
    for (const interval of SCORE_INTERVALS) {
      const points = [0, 1].map((index) =>
        pointAt((index * SCORE_INTERVAL_MS[interval]) / 60_000, 10 + index, interval),
      )
      await world.store.scores.save([{ coinId: 'bitcoin', interval, points }])
      const body = (await world.get(`/api/signals/coin/bitcoin/history?interval=${interval}`)).json()
      t.ok(Value.Check(ScoresList, body))
      t.match(body, { coinId: 'bitcoin', interval, meta: { source: 'simulated' } })
      t.strictSame(body.data, [...points, pointAt(3_000, 71, interval)])
      t.match(body.data.at(-1), { SCALPING: 71, LONG_TERM: null })
    }
    t.equal((await world.history()).length, 3, 'hours, unless told otherwise')
    t.strictSame(await world.history('?limit=1'), [pointAt(3_000, 71)])
    t.strictSame(await world.history('?limit=2'), [pointAt(60, 11), pointAt(3_000, 71)])
    t.strictSame(await world.history('', STRANGE), [pointAt(0, 50)], 'a coin without a history has its present')
  },
)

t.test('ends with what is in memory, whatever is stored of that interval or a later one', async (t) => {
  await using world = await openScored(scoredAt(90, 70))
  const points = [pointAt(0, 10), pointAt(60, 20), pointAt(120, 30)]
  await world.store.scores.save([{ coinId: 'bitcoin', interval: '1h', points }])
  t.strictSame(await world.history(), [pointAt(0, 10), pointAt(60, 70)])
  await world.publish.scored([scoredAt(185, 90)])
  world.service.flush()
  t.strictSame(await world.history(), [...points, pointAt(180, 90)])
})

t.test('refuses a coin that is unknown or has no signal yet, and a question that is none, saying why', async (t) => {
  await using world = await openScored(scoredAt(0, 50))
  const codeOf = async (coinId: string) => {
    const answer = await world.get(`/api/signals/coin/${coinId}/history`)
    t.ok(Value.Check(Failure, answer.json()))
    return [answer.statusCode, answer.json().code, answer.json().candidates?.[0]?.coinId]
  }
  t.strictSame(await codeOf('nocoin'), [404, 'QUERY_COIN_NOT_FOUND', undefined])
  t.strictSame(await codeOf('btc'), [404, 'QUERY_COIN_NOT_FOUND', 'bitcoin'])
  t.strictSame(await codeOf('unscored'), [404, 'QUERY_NOT_SCORED', undefined])
  for (const query of ['interval=5m', 'limit=0', 'limit=501', 'page=1']) {
    const answer = await world.get(`/api/signals/coin/bitcoin/history?${query}`)
    t.equal(answer.statusCode, 400, query)
    t.equal(answer.json().details?.[0]?.path, `query/${query.split('=')[0]}`)
    t.equal(answer.headers['cache-control'], 'no-store')
  }
})

t.test(
  'has an ETag of its own coin, interval and points, which nothing takes for a version of the market',
  async (t) => {
    await using world = await openScored(scoredAt(0, 50), scoredAt(0, 50, STRANGE))
    const url = '/api/signals/coin/bitcoin/history'
    const { headers } = await world.get(url)
    const etag = String(headers.etag)
    t.equal(headers['cache-control'], 'public, max-age=15')
    t.equal(receiptOf(versionIn(etag) ?? ''), 0)
    const others = [`${url}?interval=1d`, `/api/signals/coin/${encodeURIComponent(STRANGE)}/history`]
    const etags = await Promise.all(others.map(async (other) => (await world.get(other)).headers.etag))
    t.equal(new Set([etag, ...etags]).size, 3)
    const known = await world.get(url, { 'if-none-match': etag })
    t.strictSame([known.statusCode, known.body, known.headers.etag], [304, '', etag])
    await world.publish.scored([scoredAt(1, 60)])
    world.service.flush()
    const changed = await world.get(url, { 'if-none-match': etag })
    t.equal(changed.statusCode, 200)
    t.not(changed.headers.etag, etag)
  },
)
