import { openStore } from '@crypto-signals/store'
import { tempDir } from '@crypto-signals/testing'
import t from 'tap'
import {
  BINANCE,
  coinOf,
  DAY_MS,
  DEX,
  identityRig,
  MINUTE_MS,
  memoryMappings,
  PAPRIKA,
  pairOf,
  saidOf,
} from '../../test/identity.ts'
import { BASE, changesWith, exchangeOf } from '../../test/sightings.ts'
import type { Observation } from '../observation.ts'
import type { Sighting } from './sighting.ts'

const COINS = [
  'bitcoin|btc|Bitcoin',
  'ethereum|eth|Ethereum',
  'tether|usdt|Tether',
  'usd-coin|usdc|USDC',
  'pepe|pepe|Pepe',
  'pepe-2|pepe|The Original Pepe',
  'neiro|neiro|Neiro',
  'neiro-3|neiro|Neiro',
  'neiro-on-eth|neiro|Neiro on ETH',
  'sats-ordinals|sats|SATS (Ordinals)',
  '1000sats-ordinals|1000sats|1000SATS (Ordinals)',
  'jupiter-exchange-solana|jup|Jupiter',
  '1inch|1inch|1inch',
  'playa3ull-games-2|3ull|PLAYA3ULL GAMES',
].map((line) => coinOf(line))

const USDC_ADDRESS = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

const idsOf = (sightings: Sighting[]) => sightings.map(({ coinId }) => coinId)

const SPOT = { key: 'btc-bitcoin', symbol: 'BTC', name: 'Bitcoin' }
/** Bitcoin as CoinPaprika has it, at another price each time. */
const bitcoinAt = (price: number) => (time: number) => [{ ...SPOT, price: price * (1 + time / 1000) }]

/** Bitcoin is told apart by its price for half an hour. */
async function provenRig(mappings = memoryMappings()) {
  const rig = identityRig(COINS, mappings)
  const prove = (price: number, bookPrice: number, times: number) =>
    rig.sayOften(times, PAPRIKA, (time) => {
      rig.price('bitcoin', bookPrice * (1 + time / 1000))
      return bitcoinAt(price)(time)
    })
  await prove(50_000, 50_100, 3)
  return { ...rig, prove }
}

t.test('what a source names by the coin’s own id is that coin, if it is listed', async (t) => {
  const { say } = identityRig(COINS)
  const seen = say(BASE, { key: 'bitcoin', symbol: 'btc', price: 50_000 }, { key: 'bitcoin-2', price: 1 })
  t.match(seen, [{ coinId: 'bitcoin', symbol: 'btc', priceUsd: 50_000 }])
  t.equal(seen.length, 1)
})

t.test(
  'a contract tells the coin, however its address is written, and one that two coins have tells none',
  async (t) => {
    const { say } = identityRig([
      coinOf('usd-coin|usdc|USDC', `ethereum:${USDC_ADDRESS}`, 'solana:EPjF'),
      coinOf('one|a|A', 'base:0x1', ':'),
      coinOf('two|b|B', 'base:0x1'),
    ])
    const keys = [`ethereum:${USDC_ADDRESS.toLowerCase()}`, 'solana:epjf', 'base:0x1', 'base:0x2', 'nothing', ':']
    t.same(idsOf(say(DEX, ...keys.map((key) => ({ key, price: 1 })))), ['usd-coin'])
    t.same(idsOf(say(DEX, { key: `ethereum:${USDC_ADDRESS}`, price: 1 })), ['usd-coin'])
  },
)

t.test('a contract that a source with ids of its own tells is enough', async (t) => {
  const { say } = identityRig([coinOf('usd-coin|usdc|USDC', `ethereum:${USDC_ADDRESS}`)])
  const contract = { platform: 'ethereum', address: USDC_ADDRESS.toLowerCase() }
  t.same(idsOf(say(PAPRIKA, { key: '3408', symbol: 'USDC', name: 'USD Coin', price: 1, contract })), ['usd-coin'])
})

t.test('symbol and name need prices that agree on three occasions, ten minutes apart', async (t) => {
  const { identity, say, price, clock } = identityRig(COINS)
  for (let minute = 0; minute <= 20; minute += 2) {
    price('bitcoin', 50_000 + minute)
    const seen = say(PAPRIKA, { ...SPOT, price: 51_000 + minute })
    t.same(idsOf(seen), minute < 20 ? [] : ['bitcoin'], `after ${minute} min`)
    await clock.advance(2 * MINUTE_MS)
  }
  t.match(identity.keyOf('coinpaprika', 'bitcoin'), { key: 'btc-bitcoin', multiplier: 1 })
  t.same([...identity.coinsOf('coinpaprika')], ['bitcoin'])
  t.match(identity.counts(), [{ source: 'coinpaprika', method: 'name-and-price', active: 1, dropped: 0 }])
})

t.test('prices that stand still, are of another time or of one source alone prove nothing', async (t) => {
  const rig = identityRig(COINS)
  const still = () => {
    rig.price('bitcoin', 50_000)
    return [{ ...SPOT, price: 50_000 }]
  }
  t.same(await rig.sayOften(9, PAPRIKA, still), [], 'still')
  await rig.clock.advance(MINUTE_MS)
  t.same(await rig.sayOften(9, PAPRIKA, bitcoinAt(50_000)), [], 'of another time')
  const alone = (time: number) => {
    rig.price('bitcoin', 50_000 + time, 1)
    return bitcoinAt(50_000)(time)
  }
  t.same(await rig.sayOften(9, PAPRIKA, alone), [], 'of one source')
  const old = (time: number) => {
    rig.price('bitcoin', 50_000 + time)
    return bitcoinAt(50_000)(time).map((row) => ({ ...row, observedAtMs: rig.clock.now() - 16 * MINUTE_MS }))
  }
  t.same(await rig.sayOften(9, PAPRIKA, old), [], 'old')
})

t.test('one price that differs by more than 5 % begins the proof anew', async (t) => {
  for (const [price, expected] of [
    [52_400, ['bitcoin']],
    [52_600, []],
  ] as const) {
    const rig = identityRig(COINS)
    const seen = await rig.sayOften(4, PAPRIKA, (time) => {
      rig.price('bitcoin', 50_000 + time)
      return [{ ...SPOT, price: (time === 1 ? price : 50_000) + time }]
    })
    t.same(idsOf(seen), expected)
  }
})

t.test('coins that share symbol and name are told apart by nothing but more', async (t) => {
  const rig = identityRig(COINS)
  const seen = await rig.sayOften(5, PAPRIKA, (time) => {
    for (const coinId of ['neiro', 'neiro-3', 'neiro-on-eth']) rig.price(coinId, 0.001 * (1 + time / 100))
    const price = 0.001 * (1 + time / 100)
    return [
      { key: 'neiro-neiro', symbol: 'NEIRO', name: 'Neiro', price },
      { key: 'neiro-neiro-on-eth', symbol: 'NEIRO', name: 'Neiro on ETH', price },
    ]
  })
  t.same(idsOf(seen), ['neiro-on-eth'])
})

t.test('a name that two ids of a source bear proves neither, also pages apart', async (t) => {
  const rig = identityRig(COINS)
  const seen = await rig.sayOften(5, PAPRIKA, (time) => {
    rig.price('pepe', 1e-5 * (1 + time / 100))
    const page = { symbol: 'PEPE', name: 'Pepe', price: 1e-5 * (1 + time / 100) }
    t.same(rig.say(PAPRIKA, { ...page, key: 'pepe-pepe' }), [])
    return [{ ...page, key: 'pepe-pepe2' }]
  })
  t.same(seen, [])
})

t.test('a coin that is renamed stays what it was', async (t) => {
  const { say } = await provenRig()
  t.same(idsOf(say(PAPRIKA, { key: 'btc-bitcoin', symbol: 'XBT', name: 'Old Bitcoin', price: 50_000 })), ['bitcoin'])
})

t.test(
  'a mapping is dropped, loudly, when its price was wrong on five occasions, and stays so for a week',
  async (t) => {
    const { identity, prove, lines, clock } = await provenRig()
    t.same(idsOf(await prove(70_000, 50_000, 4)), ['bitcoin'])
    t.same(await prove(70_000, 50_000, 1), [])
    const [warning, ...more] = lines.filter(({ level }) => level === 40)
    t.match(warning, { source: 'coinpaprika', key: 'btc-bitcoin', coinId: 'bitcoin', reason: /7\.0+e\+4.+5\.0+e\+4/ })
    t.same(more, [])
    t.match(identity.counts(), [{ active: 0, dropped: 1 }])
    t.same([...identity.coinsOf('coinpaprika')], [])
    t.equal(identity.keyOf('coinpaprika', 'bitcoin'), null)
    t.same(await prove(50_000, 50_000, 8), [], 'the same evidence as before')
    await clock.advance(7 * DAY_MS)
    t.same(idsOf(await prove(50_000, 50_000, 3)), ['bitcoin'])
    t.match(identity.counts(), [{ active: 1, dropped: 0 }])
  },
)

t.test('one right price in between forgives all wrong ones', async (t) => {
  const { prove } = await provenRig()
  await prove(70_000, 50_000, 4)
  await prove(50_000, 50_000, 1)
  t.same(idsOf(await prove(70_000, 50_000, 4)), ['bitcoin'])
})

t.test('wrong prices within ten minutes are one occasion', async (t) => {
  const { say, price, clock } = await provenRig()
  for (let minute = 0; minute < 9; minute++) {
    price('bitcoin', 50_000)
    t.same(idsOf(say(PAPRIKA, { ...SPOT, price: 90_000 })), ['bitcoin'])
    await clock.advance(MINUTE_MS)
  }
})

t.test('the price of an exchange is not compared with itself, but with two others or one beyond doubt', async (t) => {
  const rig = identityRig(COINS)
  rig.identity.learnPairs('binance', saidOf('BTC/USDT bitcoin'))
  const sayWrong = (sources: number) =>
    rig.sayOften(7, BINANCE, () => {
      rig.price('tether', 1)
      rig.price('bitcoin', 50_000, sources)
      return [pairOf('BTC/USDT', 90_000)]
    })
  t.same(idsOf(await sayWrong(2)), ['bitcoin'])
  t.same(await sayWrong(3), [])
  const other = identityRig(COINS)
  other.identity.learnPairs('binance', saidOf('BTC/USDT bitcoin'))
  const seen = await other.sayOften(7, BINANCE, () => {
    other.price('tether', 1)
    other.price('bitcoin', 90_000, 1)
    other.say(BASE, { key: 'bitcoin', price: 50_000 })
    return [pairOf('BTC/USDT', 90_000)]
  })
  t.same(seen, [], 'the base source alone is enough')
})

t.test('pairs are of the coins that the base source says, or of what all pairs of their base are', async (t) => {
  const { identity, say } = identityRig(COINS)
  const said = ['BTC/USDT bitcoin', 'NEIRO/USDT neiro-3', 'PEPE/USDT pepe', 'PEPE/USDC pepe-2', 'GONE/USDT gone']
  identity.learnPairs('binance', saidOf(...said))
  const pairs = ['BTC/USDT', 'NEIRO/USDT', 'PEPE/USDT', 'GONE/USDT', 'JUP/USDT']
  t.same(idsOf(say(BINANCE, ...pairs.map((pair) => pairOf(pair, 1)))), ['bitcoin', 'neiro-3', 'pepe'])
  t.same(idsOf(say(BINANCE, pairOf('NEIRO/USD', 1), pairOf('PEPE/USD', 1))), ['neiro-3'])
  t.same(say(exchangeOf('gate'), pairOf('BTC/USDT', 1)), [], 'of another exchange nothing was said')
})

t.test('what the base source corrects is corrected, and what it contradicts is left out', async (t) => {
  const { identity, say } = identityRig(COINS)
  const seen = (...said: string[]) => {
    identity.learnPairs('binance', saidOf(...said))
    return idsOf(say(BINANCE, pairOf('NEIRO/USDT', 1)))
  }
  t.same(seen('NEIRO/USDT neiro-on-eth'), ['neiro-on-eth'])
  t.same(seen('NEIRO/USDT neiro-3'), ['neiro-3'])
  t.same(seen('NEIRO/USDT neiro-3', 'NEIRO/USDT neiro'), [])
})

t.test('a leveraged token is not the coin that it follows, and no coin is mistaken for one', async (t) => {
  const { identity, say } = identityRig([...COINS, coinOf('btcup|btcup|BTCUP')])
  const said = ['BTC/USDT bitcoin', 'ETHUP/USDT ethereum', 'ETH3L/USDT ethereum', 'BTCBEAR/USDT bitcoin']
  const coins = [
    'JUP/USDT jupiter-exchange-solana',
    '1INCH/USDT 1inch',
    '3ULL/USDT playa3ull-games-2',
    'BTCUP/USDT btcup',
  ]
  identity.learnPairs('binance', saidOf(...said, ...coins))
  const pairs = [...said, ...coins].map((line) => pairOf(line.split(' ')[0] ?? '', 1))
  const expected = ['bitcoin', 'jupiter-exchange-solana', '1inch', 'playa3ull-games-2', 'btcup']
  t.same(idsOf(say(BINANCE, ...pairs)), expected)
})

t.test('how many coins a pair is of is settled by the price, and by nothing else', async (t) => {
  const cases: [said: string, pair: string, price: number, expected: [string, number] | null][] = [
    ['PEPE/USDT pepe', '1000PEPE/USDT', 0.0101, ['pepe', 1.01e-5]],
    ['1000PEPE/USDT pepe', '1000PEPE/USDT', 0.0101, ['pepe', 1.01e-5]],
    ['PEPE/USDT pepe', '1000000PEPE/USDT', 10.1, ['pepe', 1.01e-5]],
    ['PEPE/USDT pepe', '1MPEPE/USDT', 10.1, ['pepe', 1.01e-5]],
    ['PEPE/USDT pepe', 'kPEPE/USDT', 0.0101, ['pepe', 1.01e-5]],
    ['PEPE/USDT pepe', 'PEPE1000/USDT', 0.0101, ['pepe', 1.01e-5]],
    ['1000SATS/USDT 1000sats-ordinals', '1000SATS/USDT', 2e-4, ['1000sats-ordinals', 2e-4]],
    ['1000SATS/USDT sats-ordinals', '1000SATS/USDT', 2e-4, ['sats-ordinals', 2e-7]],
    ['PEPE/USDT pepe', '1000PEPE/USDT', 0.0109, ['pepe', 1.09e-5]],
    ['PEPE/USDT pepe', '1000PEPE/USDT', 0.0111, null],
    ['PEPE/USDT pepe', '1000PEPE/USDT', 1e-5, null],
  ]
  for (const [said, pair, price, expected] of cases) {
    const rig = identityRig(COINS)
    rig.price('pepe', 1e-5)
    rig.price('sats-ordinals', 2e-7)
    rig.price('1000sats-ordinals', 2e-4)
    rig.identity.learnPairs('binance', saidOf(said))
    const seen = rig.say(BINANCE, { ...pairOf(pair, price), high24h: 2 * price, low24h: price / 2 })
    const found = seen.map(({ coinId, priceUsd }) => [coinId, Number(priceUsd?.toPrecision(6))])
    t.same(found, expected === null ? [] : [expected], `${pair} at ${price}, said to be ${said}`)
    if (expected === null) continue
    t.equal(rig.identity.keyOf('binance', expected[0])?.multiplier, Math.round(price / expected[1]))
    t.match(seen, [{ high24hUsd: 2 * (seen[0]?.priceUsd ?? 0), volumeUsd24h: 1e6 }])
  }
})

t.test('amounts become dollars, by the book for coins, by what exchanges say for other money', async (t) => {
  const inCurrency = (currency: string) => {
    const { identity, say, price } = identityRig(COINS)
    price('tether', 0.98)
    price('bitcoin', 49_000)
    identity.learnPairs('binance', saidOf('USDT/TRY tether', 'BTC/TRY bitcoin', 'PEPE/USDT pepe'))
    const money = { 'EUR/USDT': 1.25, 'EUR/USD': 1.225, 'USDT/TRY': 39.2, 'BTC/TRY': 1_960_000 }
    say(BINANCE, ...Object.entries(money).map(([pair, price]) => pairOf(pair, price)))
    return say(BINANCE, pairOf(`PEPE/${currency}`, 2, 100))
  }
  const known = { USD: 1, USDT: 0.98, BTC: 49_000, TRY: 0.025, EUR: 1.225 }
  for (const [currency, usd] of Object.entries(known)) {
    t.match(inCurrency(currency), [{ coinId: 'pepe', priceUsd: 2 * usd, volumeUsd24h: 100 * usd }], currency)
  }
  for (const unknown of ['XYZ', 'KRW', 'USDC']) t.same(inCurrency(unknown), [], unknown)
})

t.test('coins that others are converted by are priced only in what does not hang on them', async (t) => {
  const { identity, say, price } = identityRig(COINS)
  for (const coinId of ['bitcoin', 'ethereum', 'usd-coin']) price(coinId, 1)
  const said = ['USDC/USDT usd-coin', 'USDT/USD tether', 'ETH/BTC ethereum', 'BTC/USDT bitcoin', 'PEPE/ETH pepe']
  identity.learnPairs('binance', saidOf(...said))
  const seen = say(BINANCE, ...said.map((line) => pairOf(line.split(' ')[0] ?? '', 1)))
  t.same(idsOf(seen), ['tether', 'bitcoin', 'pepe'])
})

t.test('changes and ranges against another currency than the dollar are not passed off as in dollars', async (t) => {
  const { identity, say, price } = identityRig(COINS)
  price('bitcoin', 50_000)
  identity.learnPairs('binance', saidOf('PEPE/USDT pepe', 'PEPE/BTC pepe'))
  const rest = { high24h: 2, low24h: 1, changePct: changesWith({ '24h': 5 }) }
  t.match(say(BINANCE, { ...pairOf('PEPE/USDT', 1), ...rest }), [
    { high24hUsd: 2, low24hUsd: 1, changePct: { '24h': 5 } },
  ])
  const seen = say(BINANCE, { ...pairOf('PEPE/BTC', 1, 1e9), ...rest })
  t.match(seen, [{ high24hUsd: null, low24hUsd: null, changePct: null }])
})

t.test('the most liquid pair of a coin speaks for it, also when a stream tells another one first', async (t) => {
  const { identity, say, price, clock } = identityRig(COINS)
  price('bitcoin', 50_000)
  identity.learnPairs('binance', saidOf('PEPE/USDT pepe', 'PEPE/BTC pepe'))
  const keys = (...rows: Partial<Observation>[]) => say(BINANCE, ...rows).map(({ key }) => key)
  const [small, large] = [pairOf('PEPE/USDT', 1, 1e6), pairOf('PEPE/BTC', 1, 1e3)]
  const old = { ...large, observedAtMs: clock.now() - 16 * MINUTE_MS }
  t.same(keys(small, old), ['PEPEUSDT'], 'an old price does not')
  t.same(keys(small, large), ['PEPEBTC'])
  t.same(keys(small), [])
  t.same(keys(small, pairOf('PEPE/BTC', 1, 1)), ['PEPEUSDT'], 'it is not any more')
  t.same(keys(large), ['PEPEBTC'])
  t.match(identity.keyOf('binance', 'pepe'), { key: 'PEPEBTC', multiplier: 1 })
  await clock.advance(6 * MINUTE_MS)
  t.same(keys(small), ['PEPEUSDT'], 'the other has long been silent')
})

t.test('what was learnt outlives a restart: proofs, multiples, what pairs are of and what was dropped', async (t) => {
  await using dir = await tempDir()
  await using store = await openStore({ dataDir: dir.path, file: 'mappings.db' })
  const before = identityRig(COINS, store.mappings)
  before.price('pepe', 1e-5)
  before.identity.learnPairs('binance', saidOf('BTC/USDT bitcoin', '1000PEPE/USDT pepe'))
  before.say(BINANCE, pairOf('1000PEPE/USDT', 0.01))
  const prove = (rig: typeof before, price: number, times: number) =>
    rig.sayOften(times, PAPRIKA, (time) => {
      rig.price('bitcoin', 50_000 + time)
      return bitcoinAt(price)(time)
    })
  await prove(before, 50_000, 3)
  await before.identity.flush()
  const after = identityRig(COINS, store.mappings)
  await after.identity.recall()
  const seen = after.say(BINANCE, pairOf('1000PEPE/USDT', 0.01), pairOf('BTC/USDC', 1), pairOf('BTC/USD', 1))
  t.match(seen, [{ coinId: 'pepe', priceUsd: 1e-5 }, { coinId: 'bitcoin' }])
  t.same(idsOf(after.say(PAPRIKA, { ...SPOT, price: 1 })), ['bitcoin'])
  await prove(after, 90_000, 5)
  await after.identity.flush()
  const last = identityRig(COINS, store.mappings)
  await last.identity.recall()
  await last.clock.advance(after.clock.now() - last.clock.now())
  t.same(await prove(last, 50_000, 5), [])
})

t.test('what could not be written is written the next time', async (t) => {
  const memory = memoryMappings()
  const mappings = { ...memory }
  const { identity } = identityRig(COINS, mappings)
  identity.learnPairs('binance', saidOf('BTC/USDT bitcoin'))
  mappings.save = () => Promise.reject(new Error('disk full'))
  await t.rejects(identity.flush(), /disk full/)
  mappings.save = (batch) => memory.save(batch)
  await Promise.all([identity.flush(), identity.flush()])
  t.match([...memory.saved.values()], [{ source: 'binance', key: 'BTC/USDT', coinId: 'bitcoin', method: 'pairs' }])
})

t.test('a key not seen for long is forgotten, and a coin with it', async (t) => {
  const { identity, say, clock } = identityRig(COINS)
  identity.learnPairs('binance', saidOf('BTC/USDT bitcoin'))
  say(BINANCE, pairOf('BTC/USDT', 1))
  await clock.advance(DAY_MS)
  await identity.flush()
  t.same([...identity.coinsOf('binance')], ['bitcoin'])
  await clock.advance(1)
  await identity.flush()
  t.same([...identity.coinsOf('binance')], [])
})
