import type { ListedCoin } from '@crypto-signals/store'
import { randomOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import t from 'tap'
import { BINANCE, DEX, identityRig, MINUTE_MS, PAPRIKA } from '../../test/identity.ts'
import { observationOf } from '../../test/observations.ts'
import { BASE } from '../../test/sightings.ts'
import type { Observation } from '../observation.ts'
import type { ExchangePair, SourceFacts } from '../source.ts'

/** What a source prices: a coin of the list or something else, under a name that may be another's. */
interface Listing {
  key: string
  /** Null where it is no coin of the list. */
  coinId: string | null
  symbol: string
  name: string
  multiplier: number
  price: number
}

const SYMBOLS = ['AA', 'BB', '1000AA', 'BBUP']
const NAMES = ['Alpha', 'Beta', 'alpha!', 'Gamma', 'Delta']
const KEYS: SourceFacts['keys'][] = ['coingecko-id', 'own-id', 'pair', 'contract', 'none']
const WEEK_MS = 7 * 86_400_000

/** Prices of different coins are at least 30 % apart, and 1,000 times as much is no other's price. */
const priceOf = (index: number) => 1.3 ** (index + 1)

const world = fc.record({
  seed: fc.integer(),
  coins: fc.array(fc.tuple(fc.constantFrom(...SYMBOLS), fc.constantFrom(...NAMES)), { minLength: 1, maxLength: 12 }),
  strangers: fc.array(fc.tuple(fc.constantFrom(...SYMBOLS), fc.constantFrom(...NAMES)), { maxLength: 6 }),
  listed: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  wrongPrices: fc.array(fc.constantFrom(false, false, false, false, true), { minLength: 8, maxLength: 8 }),
})

t.test('in no world is a key taken for a coin of another price, and what is certain is found', async (t) => {
  const found = { right: 0, pairs: 0 }
  await fc.assert(
    fc.asyncProperty(world, async ({ seed, coins, strangers, listed, wrongPrices }) => {
      const list = coins.map(([symbol, name], index) => ({ id: `coin-${index}`, symbol, name, platforms: {} }))
      const own = listings(list, strangers).filter((_, index) => listed[index % listed.length])
      const pairs = own.map((listing) => ({ ...listing, multiplier: listing.symbol === '1000AA' ? 1000 : 1 }))
      const rig = identityRig(list)
      rig.identity.learnPairs('binance', distinctPairs(pairs))
      const random = randomOf(seed)
      for (const [round, isWrong] of wrongPrices.entries()) {
        await rig.clock.advance((5 + 10 * random()) * MINUTE_MS)
        rig.price('tether', 1)
        const drift = 1 + round / 1000
        for (const [index, { id }] of list.entries()) {
          rig.price(id, priceOf(index) * drift * (1 + 0.01 * random()))
          if (random() < 0.5) rig.say(BASE, { key: id, price: priceOf(index) * drift })
        }
        const wrong = isWrong ? 10 * random() : 1
        const rowOf = ({ price, multiplier, ...listing }: Listing) => ({
          ...listing,
          price: price * drift * multiplier,
        })
        const said = rig.say(
          PAPRIKA,
          ...own.map((listing) => ({ ...rowOf(listing), price: listing.price * drift * wrong })),
        )
        for (const { key, coinId } of said) {
          if (coinId !== own.find((listing) => listing.key === key)?.coinId) throw new Error(`${key} is no ${coinId}`)
          found.right++
        }
        const traded = rig.say(BINANCE, ...pairs.map((pair) => ({ ...rowOf(pair), currency: 'USDT' })))
        for (const { key, coinId, priceUsd } of traded) {
          const pair = pairs.find((one) => one.key === key)
          if (pair?.coinId !== coinId) throw new Error(`${key} is no ${coinId}`)
          if (Math.abs((priceUsd ?? 0) / (pair.price * drift) - 1) > 1e-9) throw new Error(`${key} is not ${priceUsd}`)
          found.pairs++
        }
      }
    }),
    { numRuns: 300 },
  )
  t.comment(`${found.right} rows and ${found.pairs} pairs were told`)
  t.ok(found.right > 500 && found.pairs > 500, 'and many are')
})

/** The coins as a source has them, and strangers of the same symbols and names. */
function listings(list: readonly ListedCoin[], strangers: readonly [string, string][]): Listing[] {
  const known = list.map(({ id, symbol, name }, index) => ({ coinId: id, symbol, name, price: priceOf(index) }))
  const others = strangers.map(([symbol, name], index) => ({ coinId: null, symbol, name, price: priceOf(index + 0.5) }))
  return [...known, ...others].map((listing, index) => ({ ...listing, key: `key-${index}`, multiplier: 1 }))
}

/** What the base source says: of symbols that one coin alone has on the exchange, as an exchange sees to. */
function distinctPairs(pairs: readonly Listing[]): ExchangePair[] {
  return pairs.flatMap(({ symbol, coinId }) => {
    const isAlone = pairs.filter((other) => other.symbol === symbol).length === 1
    return isAlone && coinId !== null ? [{ base: symbol, target: 'USDT', coinId, targetCoinId: null }] : []
  })
}

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '',
    '/',
    'AA/USDT',
    '1000',
    '1000A',
    'k',
    '\uD800',
    'ethereum:',
    'AA',
    'x'.repeat(256),
  ),
)
const oddNumber = fc.option(fc.oneof(fc.double(), fc.constantFrom(0, 1, 1e30, 5e-324, Number.NaN)))
const oddRow = fc.record(
  {
    key: odd,
    symbol: fc.option(odd),
    name: fc.option(odd),
    currency: fc.oneof(odd, fc.constantFrom('USD', 'USDT', 'TRY', 'BTC')),
    price: oddNumber,
    volume24h: oddNumber,
    high24h: oddNumber,
    contract: fc.option(fc.record({ platform: odd, address: odd })),
    observedAtMs: fc.integer({ min: 0, max: Date.parse('2026-01-01T00:00:00Z') }),
  },
  { requiredKeys: ['key'] },
) as fc.Arbitrary<Partial<Observation>>
const oddCoin = fc.record({ id: odd, symbol: odd, name: odd, platforms: fc.dictionary(odd, odd, { maxKeys: 2 }) })
const oddPair = fc.record({ base: odd, target: odd, coinId: odd, targetCoinId: fc.option(odd) })

t.test('nothing that sources say breaks it, and what comes out is a good price of a listed coin, once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddCoin, { maxLength: 6 }),
      fc.array(oddPair, { maxLength: 6 }),
      fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.array(oddRow, { maxLength: 8 })), { maxLength: 6 }),
      async (coins, pairs, answers) => {
        const rig = identityRig(coins)
        for (const { id } of coins) rig.price(id, 1)
        for (const keys of KEYS) rig.identity.learnPairs(keys, pairs)
        for (const [keys, rows] of answers) {
          const seen = rig.say({ ...DEX, name: keys, keys }, ...rows.map((row) => observationOf(row)))
          const ids = seen.map(({ coinId }) => coinId)
          if (new Set(ids).size !== ids.length) throw new Error('a coin twice')
          if (!ids.every((id) => coins.some((coin) => coin.id === id))) throw new Error('not listed')
          const amounts = seen.flatMap(({ priceUsd, volumeUsd24h, high24hUsd }) => [priceUsd, volumeUsd24h, high24hUsd])
          if (!amounts.every((amount) => amount === null || (amount >= 0 && amount <= 1e30)))
            throw new Error('no amount')
          await rig.clock.advance(WEEK_MS / 4)
        }
        await rig.identity.flush()
        await rig.identity.recall()
        rig.identity.counts()
      },
    ),
    { numRuns: 1_000 },
  )
})
