import t from 'tap'
import { BINANCE, coinOf, DAY_MS, identityRig, MINUTE_MS, PAPRIKA, pairOf, saidOf } from '../../test/identity.ts'
import { BASE, exchangeOf, factsOf } from '../../test/sightings.ts'
import type { Sighting } from './sighting.ts'

const NUMBERS = Array.from({ length: 24 }, (_, index) => `c${index}`)
const COINS = [
  'tether|usdt|Tether',
  'usd-coin|usdc|USDC',
  'bitcoin|btc|Bitcoin',
  'pepe|pepe|Pepe',
  'luna-old|luna|Terra',
  'luna-new|luna2|Terra New',
  ...NUMBERS.map((id) => `${id}|${id}|${id}`),
].map((line) => coinOf(line))
const LLAMA = factsOf('defillama', { keys: 'coingecko-id', derivedFrom: 'coingecko' })
const CAP = factsOf('other', { keys: 'coingecko-id' })
const GATE = exchangeOf('gate')

const idsOf = (sightings: Sighting[]) => sightings.map(({ coinId }) => coinId)

/** The first `count` numbered coins cost 10 dollars, which the base source says too; they are traded on Binance against all currencies. */
function numberedRig(count: number) {
  const rig = identityRig(COINS)
  const ids = NUMBERS.slice(0, count)
  rig.identity.learnPairs(
    'binance',
    saidOf(...ids.map((id) => `${id}/USDT ${id}`), 'USDT/TRY tether', 'BTC/TRY bitcoin'),
  )
  const sayBase = () => rig.say(BASE, ...ids.map((key) => ({ key, price: 10 })))
  const tradedAt = (price: number, currency: string) => ids.map((id) => pairOf(`${id}/${currency}`, price))
  const dropped = () => rig.identity.counts().reduce((sum, count) => sum + count.dropped, 0)
  return { ...rig, ids, sayBase, tradedAt, dropped }
}

t.test(
  'a stablecoin that one source alone has at two dollars converts nothing, loudly once, and costs no mapping',
  async (t) => {
    const rig = numberedRig(3)
    const sayAt = (tether: number, times: number) =>
      rig.sayOften(times, BINANCE, () => {
        rig.price('tether', tether, 1)
        rig.say(LLAMA, { key: 'tether', price: tether })
        rig.sayBase()
        return rig.tradedAt(10, 'USDT')
      })
    t.match(
      await sayAt(1, 1),
      rig.ids.map((coinId) => ({ coinId, priceUsd: 10, convertedFrom: 'USDT' })),
    )
    t.same(await sayAt(2, 8), [])
    t.match(
      rig.say(BINANCE, ...rig.tradedAt(10, 'USD')),
      rig.ids.map((coinId) => ({ coinId, convertedFrom: null })),
    )
    const [warning, ...more] = rig.lines.filter(({ level }) => level === 40)
    t.match(warning, { coinId: 'tether', priceUsd: 2 })
    t.same(more, [])
    t.same(idsOf(await sayAt(1, 1)), rig.ids)
    t.equal(rig.dropped(), 0)
  },
)

t.test('a stablecoin converts at about a dollar, or at what two independent sources say of late', async (t) => {
  const worthAt = async (price: number, said: [typeof BASE, number][], minutes = 1) => {
    const rig = identityRig(COINS)
    rig.identity.learnPairs('gate', saidOf('USDT/USD tether', 'USDT/USDC tether'))
    rig.identity.learnPairs('binance', saidOf('PEPE/USDT pepe'))
    rig.price('usd-coin', 1)
    for (const [facts, price] of said) {
      rig.say(facts, { key: facts === GATE ? 'USDTUSD' : 'tether', symbol: 'USDT', price, volume24h: 1e6 })
    }
    await rig.clock.advance(minutes * MINUTE_MS)
    rig.price('tether', price)
    return rig.say(BINANCE, pairOf('PEPE/USDT', 1))[0]?.priceUsd ?? null
  }
  for (const price of [0.971, 1, 1.029]) t.equal(await worthAt(price, []), price)
  for (const price of [0.969, 1.031]) t.equal(await worthAt(price, []), null)
  const alone: [typeof BASE, number] = [BASE, 0.9]
  t.equal(await worthAt(0.9, [alone]), null)
  t.equal(await worthAt(0.9, [alone, [CAP, 0.905]]), 0.9)
  t.equal(await worthAt(0.9, [alone, [GATE, 0.895]]), 0.9, 'an exchange’s pair against the dollar')
  t.equal(await worthAt(0.9, [alone, [CAP, 0.92]]), null, 'they do not say the same')
  t.equal(await worthAt(0.9, [alone, [LLAMA, 0.9]]), null, 'they are not independent')
  t.equal(await worthAt(0.9, [alone, [CAP, 0.9]], 31), null, 'that was long ago')
})

t.test(
  'prices of many coins that are off by one factor are the rate’s fault; one that is off by another is its own',
  async (t) => {
    const rates: [count: number, currency: string][] = [
      [24, 'BTC'],
      [2, 'BTC'],
      [24, 'USD'],
    ]
    for (const [count, currency] of rates) {
      const rig = numberedRig(count)
      const seen = await rig.sayOften(8, BINANCE, () => {
        rig.price('bitcoin', 50_000)
        rig.sayBase()
        const [first, ...others] = rig.tradedAt(currency === 'BTC' ? 20 / 50_000 : 20, currency)
        return [{ ...first, price: (first?.price ?? 0) * (count > 2 ? 1.7 : 1) }, ...others]
      })
      t.same(idsOf(seen), count > 2 ? rig.ids.slice(1) : rig.ids, `${count} in ${currency}`)
      t.equal(rig.dropped(), count > 2 ? 1 : 0)
    }
  },
)

t.test(
  'ten coins off by one factor are the rate’s fault also where most others agree, nine are their own',
  async (t) => {
    for (const [off, dropped] of [
      [10, 0],
      [9, 9],
    ] as const) {
      const rig = numberedRig(24)
      for (let time = 0; time < 24; time++) {
        await rig.clock.advance(3 * MINUTE_MS)
        rig.sayBase()
        const rows = rig.tradedAt(10, 'USDT')
        rig.say(BINANCE, ...rows.map((row, index) => (index < off ? { ...row, price: 20 + index / 50 } : row)))
      }
      t.equal(rig.dropped(), dropped)
    }
  },
)

t.test('a fault is also known by what all sources have in common, or all pairs of one source', async (t) => {
  const cases: [onBinance: number, onGate: number, gatePairs: number, dropped: number][] = [
    [17, 17, 1, 0],
    [10, 17, 3, 0],
    [10, 17, 1, 1],
  ]
  for (const [onBinance, onGate, gatePairs, dropped] of cases) {
    const rig = numberedRig(8)
    const ids = rig.ids.slice(0, gatePairs)
    rig.identity.learnPairs('gate', saidOf(...ids.map((id) => `${id}/USDT ${id}`)))
    await rig.sayOften(8, GATE, () => {
      rig.sayBase()
      rig.say(BINANCE, ...rig.tradedAt(onBinance, 'USDT').slice(gatePairs))
      return rig.tradedAt(onGate, 'USDT').slice(0, gatePairs)
    })
    t.equal(rig.dropped(), dropped)
  }
})

t.test('a rate’s fault is known also where a stream tells one pair at a time', async (t) => {
  const rig = numberedRig(12)
  for (let time = 0; time < 100; time++) {
    rig.price('bitcoin', 50_000)
    rig.sayBase()
    for (const row of rig.tradedAt(20 / 50_000, 'BTC')) {
      rig.say(BINANCE, row)
      await rig.clock.advance(MINUTE_MS / 12)
    }
  }
  t.equal(rig.dropped(), 0)
})

t.test('what was converted by the word of one source costs no mapping', async (t) => {
  for (const [sources, dropped] of [
    [1, 0],
    [2, 1],
  ] as const) {
    const rig = numberedRig(1)
    await rig.sayOften(8, BINANCE, () => {
      rig.price('bitcoin', 50_000, sources)
      rig.sayBase()
      return rig.tradedAt(17 / 50_000, 'BTC')
    })
    t.equal(rig.dropped(), dropped)
  }
})

t.test(
  'an id that goes by the name of another listed coin is silent at once, and is that coin once prices prove it',
  async (t) => {
    const rig = identityRig(COINS)
    const at = (symbol: string, name: string, price: number) => (time: number) => {
      for (const [coinId, usd] of Object.entries({ 'luna-old': 50, 'luna-new': 1 }))
        rig.price(coinId, usd * (1 + time / 1000))
      return [{ key: 'luna-terra', symbol, name, price: price * (1 + time / 999) }]
    }
    const before = at('LUNA', 'Terra', 50)
    t.same(idsOf(await rig.sayOften(3, PAPRIKA, before)), ['luna-old'])
    const reused = at('LUNA2', 'Terra New', 1)
    t.same(rig.say(PAPRIKA, ...reused(4)), [])
    t.same(idsOf(rig.say(PAPRIKA, ...before(5))), ['luna-old'], 'the old name comes back')
    t.same(await rig.sayOften(2, PAPRIKA, reused), [])
    t.same(idsOf(await rig.sayOften(3, PAPRIKA, reused)), ['luna-new'])
    t.equal(rig.identity.keyOf('coinpaprika', 'luna-old'), null)
    t.match(rig.identity.keyOf('coinpaprika', 'luna-new'), { key: 'luna-terra' })
    await rig.clock.advance(DAY_MS + 1)
    await rig.identity.flush()
    t.equal(rig.identity.keyOf('coinpaprika', 'luna-old'), null, 'nor when all else is forgotten')
  },
)

/** Pairs of a thousand of a coin, or of one. */
function multipleRig(said: string) {
  const rig = identityRig(COINS)
  rig.identity.learnPairs('binance', saidOf(said))
  const sayAt = (price: number, pair = '1000PEPE/USDT') => {
    rig.say(BASE, { key: 'pepe', price: 1e-5 })
    return rig.say(BINANCE, pairOf(pair, price)).map(({ priceUsd }) => Number(priceUsd?.toPrecision(6)))
  }
  return { ...rig, sayAt }
}

t.test('a pair that is suddenly off by a power of ten is silent at once, until it agrees again', async (t) => {
  for (const factor of [1e-6, 1e-3, 0.1, 10, 1e4, 1e6]) {
    const { sayAt, clock } = multipleRig('PEPE/USDT pepe')
    t.same(sayAt(0.0101), [1.01e-5])
    await clock.advance(1_000)
    t.same(sayAt(0.0101 * factor), [], `times ${factor}`)
    t.same(sayAt(0.0101 * factor * 2), [], 'it still does not agree')
    t.same(sayAt(0.0101), [1.01e-5])
  }
  for (const price of [0.03, 0.0005, 1e9]) {
    const { sayAt } = multipleRig('PEPE/USDT pepe')
    sayAt(0.0101)
    t.equal(sayAt(price).length, 1, `${price}`)
  }
})

t.test(
  'a pair that is suddenly off by a power of ten is made out anew if it may be of another number of coins',
  async (t) => {
    const { sayAt, identity } = multipleRig('1000PEPE/USDT pepe')
    t.same(sayAt(0.0101), [1.01e-5])
    t.same(sayAt(1.02e-5), [1.02e-5])
    t.match(identity.keyOf('binance', 'pepe'), { multiplier: 1 })
    t.same(sayAt(0.0103), [1.03e-5])
  },
)

t.test('a pair that stays off by a power of ten is dropped as any other', async (t) => {
  const rig = numberedRig(1)
  await rig.sayOften(8, BINANCE, () => {
    rig.sayBase()
    return rig.tradedAt(0.01, 'USDT')
  })
  t.equal(rig.dropped(), 1)
})

t.test('a coin that one of its pairs has off by a power of ten is priced by another at once', async (t) => {
  const { say, sayAt, identity } = multipleRig('PEPE/USDT pepe')
  identity.learnPairs('binance', saidOf('PEPE/USDC pepe'))
  sayAt(1e-5, 'PEPE/USDT')
  t.same(
    say(BINANCE, pairOf('PEPE/USDT', 1e-3), pairOf('PEPE/USD', 1.1e-5, 1)).map(({ key }) => key),
    ['PEPEUSD'],
  )
})

t.test('no pair alone tells what other money is worth, nor pairs that are at odds', async (t) => {
  const cases: [pairs: [exchange: typeof GATE, pair: string, price: number][], usd: number | null][] = [
    [[[GATE, 'USDT/TRY', 40]], null],
    [
      [
        [GATE, 'USDT/TRY', 40],
        [BINANCE, 'USDT/TRY', 40.5],
      ],
      1 / 40,
    ],
    [
      [
        [GATE, 'USDT/TRY', 40],
        [GATE, 'BTC/TRY', 2_000_000],
      ],
      1 / 40,
    ],
    [
      [
        [GATE, 'USDT/TRY', 40],
        [BINANCE, 'USDT/TRY', 41],
      ],
      null,
    ],
    [
      [
        [GATE, 'USDT/TRY', 4],
        [BINANCE, 'USDT/TRY', 40],
        [BINANCE, 'BTC/TRY', 2_000_000],
      ],
      1 / 40,
    ],
    [
      [
        [GATE, 'USDT/TRY', 4],
        [GATE, 'BTC/TRY', 200_000],
        [BINANCE, 'USDT/TRY', 40],
        [BINANCE, 'BTC/TRY', 2_000_000],
      ],
      null,
    ],
    [
      [
        [GATE, 'EUR/USDT', 1.2],
        [GATE, 'USDT/EUR', 1 / 1.2],
      ],
      null,
    ],
    [
      [
        [GATE, 'EUR/USDT', 1.2],
        [GATE, 'EUR/USD', 1.2],
      ],
      1.2,
    ],
  ]
  for (const [pairs, usd] of cases) {
    const rig = identityRig(COINS)
    rig.price('bitcoin', 50_000)
    for (const name of ['gate', 'binance'])
      rig.identity.learnPairs(name, saidOf('USDT/TRY tether', 'USDT/EUR tether', 'BTC/TRY bitcoin', 'PEPE/USDT pepe'))
    for (const [exchange, pair, price] of pairs) rig.say(exchange, pairOf(pair, price))
    const currency = pairs[0]?.[1].includes('EUR') ? 'EUR' : 'TRY'
    const seen = rig.say(exchangeOf('binance'), pairOf(`PEPE/${currency}`, 1))[0]?.priceUsd ?? null
    t.equal(seen && Number(seen.toPrecision(9)), usd && Number(usd.toPrecision(9)), JSON.stringify(pairs))
  }
})

t.test('what a currency was worth long ago is not known, nor what pairs say that nobody trades', async (t) => {
  const { identity, say, price, clock } = identityRig(COINS)
  price('bitcoin', 50_000)
  price('usd-coin', 1)
  identity.learnPairs('binance', saidOf('PEPE/BTC pepe', 'USDT/TRY tether', 'USDC/TRY usd-coin'))
  const sayLira = (volume: number) => say(BINANCE, pairOf('USDT/TRY', 20, volume), pairOf('USDC/TRY', 20, volume))
  sayLira(10)
  t.same(say(BINANCE, pairOf('PEPE/TRY', 1)), [])
  sayLira(1e6)
  await clock.advance(14 * MINUTE_MS)
  const each = () => ['PEPE/TRY', 'PEPE/BTC'].map((pair) => say(BINANCE, pairOf(pair, 1))[0]?.priceUsd)
  t.same(each(), [0.05, 50_000])
  await clock.advance(2 * MINUTE_MS)
  t.same(each(), [undefined, undefined])
})

t.test('a pair that is off by half is not chosen for its volume as long as another one agrees', async (t) => {
  const rig = identityRig(COINS)
  rig.identity.learnPairs('binance', saidOf('PEPE/USDT pepe', 'PEPE/USDC pepe'))
  rig.price('usd-coin', 1)
  const keys = (...rows: ReturnType<typeof pairOf>[]) => {
    rig.say(BASE, { key: 'pepe', price: 10 })
    return rig.say(BINANCE, ...rows).map(({ key }) => key)
  }
  const small = pairOf('PEPE/USDT', 10, 1e5)
  t.same(keys(small, pairOf('PEPE/USDC', 14.9, 1e10)), ['PEPEUSDC'])
  await rig.clock.advance(MINUTE_MS)
  t.same(keys(small, pairOf('PEPE/USDC', 15.1, 1e10)), ['PEPEUSDT'])
  t.same(keys(pairOf('PEPE/USDC', 15.1, 1e10)), [], 'the other is waited for')
  await rig.clock.advance(6 * MINUTE_MS)
  t.same(keys(pairOf('PEPE/USDC', 15.1, 1e10)), ['PEPEUSDC'], 'nothing else speaks')
  t.same(keys(pairOf('PEPE/USDT', 16, 1e5), pairOf('PEPE/USDC', 15.2, 1e10)), ['PEPEUSDC'], 'neither agrees')
})
