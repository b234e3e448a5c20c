import * as fc from 'fast-check'
import t from 'tap'
import { createChangeCount } from './changes-counted.ts'
import { kept } from './kept-rows.ts'
import { type MarketRow, SORTS, type View } from './protocol.ts'
import { sourceFetch } from './source-fetch.ts'
import { summarise } from './summary.ts'
import { createTable } from './table.ts'

const AT = '2026-01-01T00:00:00.000Z'
const VIEW: View = {
  sort: 'rank',
  descending: false,
  horizon: 'DAY_TRADING',
  actions: [],
  search: '',
  only: null,
  sure: false,
  maxRank: null,
  minVolumeUsd: null,
}

type Score = NonNullable<MarketRow['signals']>['DAY_TRADING']

const scored = (
  finalScore: number,
  action: Score['action'] = 'HOLD',
  insufficientData = false,
): MarketRow['signals'] => {
  const score = { finalScore, action, confidence: insufficientData ? 0 : 0.5, insufficientData }
  return {
    primary: 'DAY_TRADING',
    observedAt: AT,
    updatedAt: AT,
    SCALPING: score,
    DAY_TRADING: score,
    SWING_TRADING: score,
    LONG_TERM: score,
  }
}

const row = (coinId: string, fields: Partial<MarketRow> = {}): MarketRow => ({
  coinId,
  symbol: coinId.slice(0, 3),
  name: coinId,
  rank: null,
  priceUsd: 1,
  marketCapUsd: null,
  volumeUsd24h: null,
  changePct: { '1h': null, '24h': null, '7d': null, '30d': null },
  shape7d: null,
  source: 'test',
  observedAt: AT,
  signals: null,
  ...fields,
})

const tableOf = (...rows: MarketRow[]) => {
  const table = createTable()
  table.take({ rows, left: [], reset: true })
  return table
}
const idsOf = (rows: readonly MarketRow[]) => rows.map(({ coinId }) => coinId)
const shownBy = (table: ReturnType<typeof createTable>, view: Partial<View>) => {
  table.arrange({ ...VIEW, ...view })
  return idsOf(table.slice({ from: 0, to: table.total }))
}

t.test('coins without the figure come last whichever way it is sorted, then by rank and by id', async (t) => {
  const table = tableOf(
    row('none-b'),
    row('none-a'),
    row('none-ranked', { rank: 9 }),
    row('low', { marketCapUsd: 1 }),
    row('high', { marketCapUsd: 2 }),
  )
  const without = ['none-ranked', 'none-a', 'none-b']
  t.strictSame(shownBy(table, { sort: 'marketCap' }), ['low', 'high', ...without])
  t.strictSame(shownBy(table, { sort: 'marketCap', descending: true }), ['high', 'low', ...without])
})

t.test('a coin of which too little is known has no score to be sorted or filtered by', async (t) => {
  const table = tableOf(
    row('unsure', { signals: scored(50, 'HOLD', true) }),
    row('holds', { signals: scored(45) }),
    row('buys', { signals: scored(70, 'BUY') }),
    row('unscored'),
  )
  t.strictSame(shownBy(table, { sort: 'score', descending: true }), ['buys', 'holds', 'unscored', 'unsure'])
  t.strictSame(shownBy(table, { actions: ['HOLD'] }), ['holds'])
  t.strictSame(shownBy(table, { sure: true }), ['buys', 'holds'])
})

t.test(
  'a least rank and volume hide what is below, what has none, and nothing where they are not asked for',
  async (t) => {
    const table = tableOf(
      row('large', { rank: 100, volumeUsd24h: 2e6, signals: scored(80, 'STRONG_BUY') }),
      row('quiet', { rank: 7, volumeUsd24h: 99_999 }),
      row('small', { rank: 101, volumeUsd24h: 100_000, signals: scored(90, 'STRONG_BUY') }),
      row('unknown', { signals: scored(99, 'STRONG_BUY') }),
    )
    t.strictSame(shownBy(table, { maxRank: 100 }), ['quiet', 'large'])
    t.strictSame(shownBy(table, { minVolumeUsd: 100_000 }), ['large', 'small'])
    t.strictSame(shownBy(table, { maxRank: 100, minVolumeUsd: 100_000, actions: ['STRONG_BUY'] }), ['large'])
    t.strictSame(shownBy(table, { sort: 'score', descending: true }), ['unknown', 'small', 'large', 'quiet'])
  },
)

t.test('a search is taken literally, in any case, and what fits best comes first', async (t) => {
  const table = tableOf(
    row('stone', { symbol: 'sto', name: 'Stone', rank: 1 }),
    row('one-more', { symbol: 'mor', name: 'One more', rank: 2 }),
    row('harmony', { symbol: 'one', name: 'Harmony', rank: 300 }),
    row('x', { symbol: '.*', name: '<img src=x>', rank: 4 }),
  )
  t.strictSame(shownBy(table, { search: ' ONE ' }), ['harmony', 'one-more', 'stone'])
  t.strictSame(shownBy(table, { search: '.*' }), ['x'])
  t.strictSame(shownBy(table, { search: 'one', sort: 'name' }), ['harmony', 'one-more', 'stone'])
  t.strictSame(idsOf(table.find('one', 2)), ['harmony', 'one-more'])
})

t.test('only starred coins are shown where only they are asked for, and none where there are none', async (t) => {
  const table = tableOf(row('a'), row('b'))
  t.strictSame(shownBy(table, { only: ['b', 'gone'] }), ['b'])
  t.strictSame(shownBy(table, { only: [] }), [])
})

t.test('between two arrangements rows change in place, and coins that leave are gone at once', async (t) => {
  const table = tableOf(row('a', { rank: 1 }), row('b', { rank: 2 }), row('c', { rank: 3 }))
  table.arrange(VIEW)
  table.take({ rows: [row('a', { rank: 9, priceUsd: 7 }), row('d')], left: ['b', 'never held'], reset: false })
  t.strictSame(idsOf(table.slice({ from: 0, to: 9 })), ['a', 'c'])
  t.equal(table.slice({ from: 0, to: 1 })[0]?.priceUsd, 7)
  t.equal(table.get('b'), undefined)
  t.strictSame(shownBy(table, {}), ['c', 'a', 'd'])
  table.take({ rows: [row('e')], left: [], reset: true })
  t.strictSame([table.total, idsOf(table.all())], [0, ['e']])
})

t.test('after any changes the table holds what a plain map would, in the same order', async (t) => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const figure = fc.option(fc.integer({ min: 0, max: 3 }))
  const change = fc.record({ rows: fc.array(fc.tuple(id, figure, figure)), left: fc.array(id), reset: fc.boolean() })
  fc.assert(
    fc.property(fc.array(change), fc.constantFrom(...SORTS), fc.boolean(), (changes, sort, descending) => {
      const [table, plain] = [createTable(), new Map<string, MarketRow>()]
      for (const { rows, left, reset } of changes) {
        const told = rows.map(([coinId, rank, priceUsd]) => row(coinId, { rank, priceUsd }))
        table.take({ rows: told, left, reset })
        if (reset) plain.clear()
        for (const coinId of left) plain.delete(coinId)
        for (const each of told) plain.set(each.coinId, each)
      }
      t.strictSame(idsOf(table.all()).sort(), [...plain.keys()].sort())
      const other = createTable()
      other.take({ rows: [...plain.values()].reverse(), left: [], reset: true })
      t.strictSame(shownBy(table, { sort, descending }), shownBy(other, { sort, descending }))
    }),
    { numRuns: 300 },
  )
})

t.test('the summary counts each opinion once, and those without one apart', async (t) => {
  const summary = summarise(
    [
      row('a', { signals: scored(100, 'STRONG_BUY'), marketCapUsd: 10, observedAt: '2026-01-01T00:00:05.000Z' }),
      row('b', { signals: scored(0, 'STRONG_SELL'), marketCapUsd: 5 }),
      row('c', { signals: scored(50, 'HOLD', true) }),
      row('d'),
    ],
    'LONG_TERM',
  )
  t.match(summary, { coins: 4, scored: 3, unsure: 1, averageScore: 50, marketCapUsd: 15 })
  t.strictSame(summary.actions, { STRONG_BUY: 1, BUY: 0, HOLD: 0, SELL: 0, STRONG_SELL: 1 })
  t.strictSame([summary.landscape.at(0), summary.landscape.at(-1)], [1, 1])
  t.equal(summary.newestMs, Date.parse('2026-01-01T00:00:05.000Z'))
  const nothing = { averageScore: null, newestMs: null, marketCapUsd: null }
  t.match(summarise([], 'SCALPING'), nothing)
  t.match(summarise([row('a')], 'SCALPING'), { coins: 1, marketCapUsd: null })
})

t.test('changes are counted for a minute, no longer, and not told before one is over', async (t) => {
  let now = 0
  const changes = createChangeCount(() => now)
  changes.add(2)
  now = 30_000
  changes.add(3)
  t.equal(changes.lastMinute(), null)
  now = 60_000
  t.equal(changes.lastMinute(), 3)
  now = 90_000
  t.equal(changes.lastMinute(), 0)
})

t.test('whose market it is stands with every answer, and is told before the answer is', async (t) => {
  const told: string[] = []
  const asked = (body: string, type = 'application/json; charset=utf-8') =>
    sourceFetch(
      (source) => told.push(source),
      async () => new Response(body, { status: 503, headers: { 'content-type': type } }),
    )('/')
  const answer = await asked('{"meta":{"source":"simulated"},"data":1}')
  t.strictSame(told, ['simulated'])
  t.match(await answer.json(), { data: 1 })
  t.equal(await (await asked('{"meta":')).text(), '{"meta":')
  for (const body of ['null', '{"meta":{"source":"<b>"}}', '{"meta":null}']) await asked(body)
  await asked('{"meta":{"source":"live"}}', 'text/plain')
  t.strictSame(told, ['simulated'])
})

t.test('a row that says the same stays the same object, and one that says anything else does not', async (t) => {
  const held = row('a', { signals: scored(50) })
  t.equal(kept([held], [row('a', { signals: scored(50) })])[0], held)
  for (const other of [
    row('a', { signals: scored(51) }),
    row('a', { signals: scored(50), rank: 1 }),
    row('a', { signals: scored(50), changePct: { '1h': 1, '24h': null, '7d': null, '30d': null } }),
  ])
    t.equal(kept([held], [other])[0], other)
})
