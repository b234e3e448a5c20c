import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Alert, actionOf, Quote, ScoredCoin } from '@crypto-signals/contracts'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import {
  alertOf,
  captureLog,
  FakeClock,
  manyQuotes,
  manyScoredCoins,
  quoteOf,
  recordings,
  scoredCoinOf,
  tempDir,
  until,
} from './index.ts'

t.test('factories make what the contracts allow, and take overrides', async (t) => {
  const quote = quoteOf({ coinId: 'a', changePct: { '7d': null } })
  const coin = scoredCoinOf({ coinId: 'a', finalScore: 70.1, on: { LONG_TERM: { finalScore: 10 } } })
  const alert = alertOf({ isTriggered: true })
  t.ok(Value.Check(Quote, quote) && Value.Check(ScoredCoin, coin) && Value.Check(Alert, alert))
  t.match(quote, { coinId: 'a', changePct: { '7d': null, '24h': 2 } })
  t.same(
    coin.signals.map(({ coinId, recommendation }) => [coinId, recommendation.action]),
    [
      ['a', 'BUY'],
      ['a', 'BUY'],
      ['a', 'BUY'],
      ['a', 'STRONG_SELL'],
    ],
  )
  t.equal(alert.isTriggered, true)
})

t.test('a made signal agrees with itself', async (t) => {
  for (const { signals } of manyScoredCoins(200)) {
    for (const { breakdown, finalScore, recommendation, insufficientData } of signals) {
      const sum = breakdown.reduce((points, { contribution }) => points + contribution, 0)
      if (Math.abs(sum - finalScore) > 1e-9) t.equal(sum, finalScore)
      if (!insufficientData && recommendation.action !== actionOf(finalScore)) t.fail(`${finalScore}`)
    }
  }
})

t.test('a made market is valid, the same for the same seed, and has gaps and ties', async (t) => {
  const [quotes, coins] = [manyQuotes(500, 7), manyScoredCoins(500, 7)]
  t.same(
    quotes.find((quote) => !Value.Check(Quote, quote)),
    undefined,
  )
  t.same(
    coins.find((coin) => !Value.Check(ScoredCoin, coin)),
    undefined,
  )
  t.same([manyQuotes(500, 7), manyScoredCoins(500, 7)], [quotes, coins])
  t.not(manyQuotes(1, 8)[0]?.priceUsd, quotes[0]?.priceUsd)
  t.equal(new Set(quotes.map(({ coinId }) => coinId)).size, 500)
  for (const field of ['marketCapRank', 'marketCapUsd', 'volumeUsd24h', 'sparkline'] as const) {
    const gaps = quotes.filter((quote) => quote[field] === null).length
    t.ok(gaps > 0 && gaps < 250, field)
  }
  t.ok(new Set(coins.map(({ signals }) => signals[0]?.finalScore)).size < 500, 'scores tie')
  t.ok(new Set(quotes.map(({ symbol }) => symbol)).size < 500, 'symbols are shared')
})

t.test('a fake clock stands still until it is moved, and then wakes sleepers in the order of their time', async (t) => {
  const clock = new FakeClock()
  const start = clock.now()
  const woken: [string, number][] = []
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms)
    woken.push([name, clock.now() - start])
  }
  void sleep('late', 300)
  void sleep('early', 100).then(() => sleep('early again', 100))
  void sleep('never', 1_001)
  t.equal(clock.sleeping, 3)
  t.same(woken, [])
  await clock.advance(1_000)
  t.same(woken, [
    ['early', 100],
    ['early again', 200],
    ['late', 300],
  ])
  t.equal(clock.now() - start, 1_000)
  t.equal(clock.sleeping, 1)
})

t.test('an abort wakes the sleeper of a fake clock with its reason', async (t) => {
  const clock = new FakeClock()
  const controller = new AbortController()
  const sleep = clock.sleep(100, controller.signal)
  controller.abort(new Error('stopping'))
  await t.rejects(sleep, { message: 'stopping' })
  await t.rejects(clock.sleep(100, controller.signal), { message: 'stopping' })
  t.equal(clock.sleeping, 0)
})

t.test('a temporary directory is there while it is used, and gone with its files afterwards', async (t) => {
  const paths: string[] = []
  {
    await using dir = await tempDir()
    await using other = await tempDir()
    await writeFile(join(dir.path, 'file'), 'x')
    t.not(dir.path, other.path)
    paths.push(dir.path, other.path)
    t.ok(paths.every(existsSync))
  }
  t.notOk(paths.some(existsSync))
})

t.test('waits until something holds, and no longer than told', async (t) => {
  let polls = 0
  await until(() => ++polls === 40)
  t.equal(polls, 40)
  await until(async () => ++polls === 50)
  t.equal(polls, 50)
  await t.rejects(
    until(() => false, { timeoutMs: 1 }),
    { message: /^not so within 1 ms: \(\) => false$/ },
  )
})

t.test('keeps log lines as objects, those of child loggers too', async (t) => {
  const { log, lines } = captureLog()
  log.child({ coinId: 'bitcoin' }).error({ err: new Error('no') }, 'failed')
  log.trace('detail')
  t.match(lines, [
    { level: 50, msg: 'failed', coinId: 'bitcoin', err: { message: 'no' } },
    { level: 10, msg: 'detail' },
  ])
})

const recorded = recordings()
t.test('reads the recordings', { skip: recorded === null && 'the recorded data are not there' }, async (t) => {
  const list = recorded?.coinList() ?? []
  t.equal(list.length, 17_142)
  t.match(list[0], { id: String, symbol: String, name: String })
  const rows = recorded?.coinGeckoRows() ?? []
  t.equal(rows.length, 235)
  t.ok(rows.every((row) => typeof (row as { id?: unknown }).id === 'string'))
})
