import { existsSync, readFileSync } from 'node:fs'
import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { startSimulator } from './index.ts'

const COINS = 1_100
const EXAMPLES = `${import.meta.dirname}/../../../../shared/data/coingecko/official_examples_2026-05.json`
const ALL_SPANS = '1h,24h,7d,14d,30d,200d,1y'

/** A simulator at a standing clock, and ways to ask it. */
const simulated = async () => {
  const simulator = await startSimulator({ clock: new FakeClock(), coins: COINS })
  const ask = (path: string) => fetch(`${simulator.url}${path}`)
  const rowsOf = async (query: string): Promise<Row[]> =>
    (await (await ask(`/coins/markets?vs_currency=usd&${query}`)).json()) as Row[]
  const everyRow = async (query: string): Promise<Row[]> => {
    const rows: Row[] = []
    for (let page = 1; ; page++) {
      const some = await rowsOf(`per_page=250&page=${page}&${query}`)
      if (some.length === 0) return rows
      rows.push(...some)
    }
  }
  const listedIds = async () => ((await (await ask('/coins/list')).json()) as { id: string }[]).map(({ id }) => id)
  return { ask, rowsOf, everyRow, listedIds, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() }
}

interface Row {
  id: string
  market_cap_rank: number | null
  sparkline_in_7d: { price: number[] }
  [field: string]: unknown
}

t.test('the same seed and time give the same bytes, another seed or a later tick others', async (t) => {
  const path = `/coins/markets?vs_currency=usd&per_page=250&sparkline=true&price_change_percentage=${ALL_SPANS}`
  const own = new FakeClock()
  await using first = await startSimulator({ clock: own, coins: 300, seed: 7 })
  await using second = await startSimulator({ clock: new FakeClock(), coins: 300, seed: 7 })
  await using third = await startSimulator({ clock: new FakeClock(), coins: 300, seed: 8 })
  const bytes = async (url: string) => (await fetch(`${url}${path}`)).text()
  const before = await bytes(first.url)
  t.equal(await bytes(second.url), before)
  t.not(await bytes(third.url), before)
  await own.advance(29_000)
  t.equal(await bytes(first.url), before)
  await own.advance(1_000)
  t.not(await bytes(first.url), before)
})

t.test('every answer says that it is simulated, whatever was asked', async (t) => {
  await using simulator = await simulated()
  const { ask } = simulator
  for (const [path, status] of [
    ['/ping', 200],
    ['/coins/list', 200],
    ['/coins/markets?vs_currency=usd', 200],
    ['/coins/markets', 422],
    ['/nowhere', 404],
    ['/%zz', 400],
  ] as const) {
    for (const prefix of ['', '/api/v3']) {
      const answer = await ask(prefix + path)
      t.equal(answer.status, status, prefix + path)
      t.equal(answer.headers.get('x-simulated'), 'true', prefix + path)
      t.match(await answer.json(), Object, prefix + path)
    }
  }
})

t.test('each row has fields of the types that CoinGecko documents, and nulls where it has them', async (t) => {
  await using simulator = await simulated()
  const { everyRow } = simulator
  const rows = await everyRow(`sparkline=true&price_change_percentage=${ALL_SPANS}`)
  const number = ['number']
  const nullable = ['number', 'null']
  const types: Record<string, string[]> = {
    ...Object.fromEntries(['id', 'symbol', 'name', 'image'].map((field) => [field, ['string']])),
    ...Object.fromEntries(
      `current_price market_cap market_cap_rank fully_diluted_valuation total_volume high_24h low_24h price_change_24h
      price_change_percentage_24h market_cap_change_24h market_cap_change_percentage_24h total_supply max_supply ath
      ath_change_percentage atl atl_change_percentage market_cap_rank_with_rehypothecated`
        .split(/\s+/)
        .map((field) => [field, nullable]),
    ),
    ...Object.fromEntries(
      ALL_SPANS.split(',').map((span) => [`price_change_percentage_${span}_in_currency`, nullable]),
    ),
    circulating_supply: number,
    ath_date: ['string', 'null'],
    atl_date: ['string', 'null'],
    last_updated: ['string', 'null'],
    roi: ['object', 'null'],
    sparkline_in_7d: ['object'],
  }
  t.ok(rows.every((row) => Object.keys(row).toSorted().join() === Object.keys(types).toSorted().join()))
  for (const [field, kinds] of Object.entries(types)) {
    const seen = new Set(rows.map((row) => (row[field] === null ? 'null' : typeof row[field])))
    t.same([...seen].toSorted(), kinds.toSorted(), field)
  }
  t.ok(
    rows.every(
      (row) => row.sparkline_in_7d.price.length <= 168 && row.sparkline_in_7d.price.every((price) => price > 0),
    ),
  )
})

t.test(
  'each row has the fields of the official example',
  { skip: existsSync(EXAMPLES) ? false : 'the recorded market data is not here' },
  async (t) => {
    await using simulator = await simulated()
    const examples = JSON.parse(readFileSync(EXAMPLES, 'utf8')) as { '/coins/markets': [Row] }
    const [row] = await simulator.rowsOf(`ids=bitcoin&sparkline=true&price_change_percentage=${ALL_SPANS}`)
    t.same(Object.keys(row as Row).toSorted(), Object.keys(examples['/coins/markets'][0]).toSorted())
  },
)

t.test('only what is asked for is added to a row', async (t) => {
  await using simulator = await simulated()
  const { rowsOf } = simulator
  const [bare] = await rowsOf('ids=bitcoin')
  t.notOk(Object.keys(bare as Row).some((field) => /sparkline|_in_currency/.test(field)))
  const [asked] = await rowsOf('ids=bitcoin&price_change_percentage=7d')
  t.same(
    Object.keys(asked as Row).filter((field) => field.endsWith('_in_currency')),
    ['price_change_percentage_7d_in_currency'],
  )
})

t.test('chunks of ids reach every listed coin exactly once, odd ids too', async (t) => {
  await using simulator = await simulated()
  const { rowsOf, listedIds } = simulator
  const listed = await listedIds()
  t.equal(listed.length, COINS)
  const reached: string[] = []
  for (let start = 0; start < listed.length; start += 200) {
    const ids = listed.slice(start, start + 200).map((id) => encodeURIComponent(id))
    reached.push(...(await rowsOf(`per_page=250&ids=${ids.join(',')}`)).map(({ id }) => id))
  }
  t.same(reached.toSorted(), listed.toSorted())
})

t.test('pages reach every coin exactly once in every order while the time stands still', async (t) => {
  await using simulator = await simulated()
  const { everyRow, listedIds } = simulator
  const listed = await listedIds()
  const keys = { market_cap: 'market_cap', volume: 'total_volume', id: 'id' }
  for (const [key, field] of Object.entries(keys)) {
    const descending = await everyRow(`order=${key}_desc`)
    t.same(new Set(descending.map(({ id }) => id)), new Set(listed))
    t.equal(descending.length, COINS)
    t.same(
      (await everyRow(`order=${key}_asc`)).map(({ id }) => id),
      descending.map(({ id }) => id).reverse(),
    )
    const values = descending.map((row) => (row[field] ?? 0) as number)
    t.ok(
      values.every((value, place) => place === 0 || value <= (values[place - 1] as number)),
      key,
    )
  }
})

t.test('unknown ids are left out, repeated ones come once, and a page beyond the end is empty', async (t) => {
  await using simulator = await simulated()
  const { rowsOf } = simulator
  const ids = async (query: string) => (await rowsOf(query)).map(({ id }) => id)
  t.same(await ids('ids=no-such-coin,tether,bitcoin,bitcoin,toString'), ['bitcoin', 'tether'])
  t.same(await ids('ids=no-such-coin'), [])
  t.same(await ids('page=999'), [])
  t.equal((await ids('ids=')).length, 100)
  t.equal((await ids('per_page=3&page=2')).length, 3)
})

t.test('claims on other coins have a rank only where they are wanted', async (t) => {
  await using simulator = await simulated()
  const { everyRow } = simulator
  const ranks = async (query: string) =>
    (await everyRow(query)).filter((row) => row.market_cap_rank !== null).map(({ id }) => id)
  const without = await ranks('')
  const all = await ranks('include_rehypothecated=true')
  t.ok(all.length > without.length)
  t.same(
    without.filter((id) => !all.includes(id)),
    [],
  )
})

t.test('a bad parameter is refused with a sentence', async (t) => {
  await using simulator = await simulated()
  const { ask } = simulator
  for (const [query, error] of [
    ['', 'Missing parameter vs_currency'],
    ['vs_currency=florins', 'invalid vs_currency'],
    ['vs_currency=usd&per_page=251', /per_page/],
    ['vs_currency=usd&per_page=0', /per_page/],
    ['vs_currency=usd&page=0', 'invalid page'],
    ['vs_currency=usd&page=-1', 'invalid page'],
    ['vs_currency=usd&page=1e9', 'invalid page'],
    ['vs_currency=usd&page=1&page=x', 'invalid page'],
    ['vs_currency=usd&order=gecko_desc', /order/],
    ['vs_currency=usd&price_change_percentage=1h,2h', /price_change_percentage/],
    ['vs_currency=usd&price_change_percentage=toString', /price_change_percentage/],
    ['vs_currency=usd&category=memes', 'category is not simulated'],
  ] as const) {
    const answer = await ask(`/coins/markets?${query}`)
    t.equal(answer.status, 422, query)
    t.match(await answer.json(), { error }, query)
  }
})
