import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ListedCoin } from '@crypto-signals/store'
import { recordings } from '@crypto-signals/testing'
import t from 'tap'
import { BINANCE, DAY_MS, identityRig, PAPRIKA, pairOf, saidOf } from '../../test/identity.ts'
import { BASE, exchangeOf } from '../../test/sightings.ts'
import { nameKeyOf } from './symbol.ts'

const recorded = recordings()
const skip = recorded === null && 'no recordings beside this working copy'

/** CoinPaprika's ids and CoinGecko's of the same coins, found by hand; `-` where CoinGecko's list does not have the coin. */
const SAME = new Map(
  `btc-bitcoin bitcoin, eth-ethereum ethereum, usdt-tether tether, xrp-xrp ripple, bnb-binance-coin binancecoin, sol-solana solana,
  usdc-usd-coin usd-coin, steth-lido-staked-ether staked-ether, trx-tron tron, doge-dogecoin dogecoin, ada-cardano cardano,
  wsteth-wrapped-liquid-staked-ether-20 wrapped-steth, hype-hyperliquid hyperliquid, wbtc-wrapped-bitcoin wrapped-bitcoin,
  weth-weth weth, zec-zcash zcash, bch-bitcoin-cash bitcoin-cash, leo-leo-token leo-token, link-chainlink chainlink,
  xlm-stellar stellar, ltc-litecoin litecoin, xmr-monero monero, okb-okb okb, hbar-hedera-hashgraph hedera-hashgraph,
  avax-avalanche avalanche-2, sui-sui sui, usde-ethena-usde ethena-usde, shib-shiba-inu shiba-inu, uni-uniswap uniswap,
  toncoin-the-open-network the-open-network, ton-tokamak-network tokamak-network, mnt-mantle mantle, dai-dai dai,
  tao-bittensor bittensor, cro-cryptocom-chain crypto-com-chain, near-near-protocol near, icp-internet-computer internet-computer,
  aave-new aave, etc-ethereum-classic ethereum-classic, apt-aptos aptos, usd1-usd1 usd1-wlfi, pepe-pepe pepe,
  pepe-the-original-pepe pepe-2, pepe-pepe-on-base pepe-on-base, pepe-pepecoin-on-sol pepecoin-on-sol, ondo-ondo ondo-finance,
  fdusd-first-digital-usd first-digital-usd, wbnb-wrapped-bnb wbnb, trump-official-trump official-trump, trump-maga maga,
  fil-filecoin filecoin, arb-arbitrum arbitrum, vet-vechain vechain, strk-starknet starknet, sky-sky sky, dash-dash dash,
  fetch-ai fetch-ai, paxg-pax-gold pax-gold, bonk-bonk bonk, stx-stacks blockstack, xtz-tezos tezos, grt-the-graph the-graph,
  tusd-trueusd true-usd, tia-celestia celestia, sand-the-sandbox the-sandbox, bsv-bitcoin-sv bitcoin-cash-sv, 1inch-1inch 1inch,
  jup-jupiter-exchange-token jupiter-exchange-solana, jup-jupiter jupiter, luna-terra terra-luna, luna-terra-v2 terra-luna-2,
  luna-luna-by-virtuals luna-by-virtuals, luna-wrapped-luna-token wrapped-terra, mog-mog-coin mog-coin,
  neiro-first-neiro-on-ethereum neiro-3, neiro6-neiro-on-tron neiro-on-tron, babydoge-baby-doge-coin baby-doge-coin,
  1mbabydoge-baby-doge-coin 1mbabydoge, sats-sats-ordinals sats-ordinals, 1000sats-1000sats-ordinals 1000sats-ordinals,
  eth-ethereum-token -, pepe-pepe2 -, neiro3-neiro -, neiro13-neiro -, neiro-neiro -, mog-mog-coin-1 -, uni-uni -`
    .split(',')
    .map((pair) => pair.trim().split(' ') as [string, string]),
)

/** From 0 to 1, another for each text and always the same. */
const shareOf = (text: string) => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
/** An invented price, from 1e-8 to 1e5 dollars. */
const priceOf = (coinId: string) => 10 ** (-8 + 13 * shareOf(coinId))

interface Listed {
  key: string
  symbol: string
  name: string
}

/** CoinPaprika's list in the order of its ranks: columns of fixed width, the first one longer where the id is. */
function paprikaList(): Listed[] {
  const path = '../../../../../shared/data/coinpaprika/coins_list_rank_order_2025-11.txt.gz'
  const lines = String(gunzipSync(readFileSync(resolve(import.meta.dirname, path)))).split('\n')
  return lines.filter(Boolean).map((line) => {
    const key = line.slice(0, line.indexOf(' '))
    const start = Math.max(26, key.length + 1)
    return { key, symbol: line.slice(start, start + 10).trim(), name: line.slice(start + 11).trim() }
  })
}

const coinList = (): ListedCoin[] => (recorded?.coinList() ?? []).map((coin) => ({ ...coin, platforms: {} }))

interface Priced {
  /** `-` where it is none of the list. */
  coinId: string
  price: number
}

/**
 * What each row is of, and at what price: by hand where we know, else of the coin of its symbol and name, but for every tenth, which is
 * something else of the same name that costs twice to ten times as much.
 */
function worldOf(rows: readonly Listed[], coins: readonly ListedCoin[]): Map<string, Priced> {
  const byName = new Map(coins.map((coin) => [nameKeyOf(coin.symbol, coin.name), coin.id]))
  const pricedOf = ({ key, symbol, name }: Listed): Priced => {
    const namesake = byName.get(nameKeyOf(symbol, name)) ?? key
    const isStranger = !byName.has(nameKeyOf(symbol, name)) || shareOf(`${key} is a stranger`) < 0.1
    const coinId = SAME.get(key) ?? (isStranger ? '-' : namesake)
    return { coinId, price: coinId === '-' ? priceOf(namesake) * (2 + 8 * shareOf(key)) : priceOf(coinId) }
  }
  return new Map(rows.map((row) => [row.key, pricedOf(row)]))
}

/** Half an hour of both sources; which coin each of CoinPaprika's ids was found to mean. */
async function matched(rows: readonly Listed[]) {
  const coins = coinList()
  const world = worldOf(rows, coins)
  const rig = identityRig(coins)
  const seen = await rig.sayOften(4, PAPRIKA, (time) => {
    const drift = 1 + time / 500
    rig.say(BASE, ...coins.map(({ id }) => ({ key: id, price: priceOf(id) * drift })))
    return rows.map((row) => ({ ...row, price: (world.get(row.key)?.price ?? 0) * drift }))
  })
  return { found: new Map(seen.map(({ key, coinId }) => [key, coinId])), world, rig, coins }
}

for (const [title, count] of [
  ['the 2,000 coins of the free plan', 2_000],
  ['all of CoinPaprika', Number.POSITIVE_INFINITY],
] as const) {
  t.test(`no id of ${title} is taken for another coin of CoinGecko's list`, { skip }, async (t) => {
    const { found, world, rig, coins } = await matched(paprikaList().slice(0, count))
    const wrong = [...found].filter(([key, coinId]) => world.get(key)?.coinId !== coinId)
    t.same(wrong, [])
    const checked = [...SAME].filter(([key]) => world.has(key))
    const right = checked.filter(([key, coinId]) => found.get(key) === coinId)
    t.ok(right.length >= 40, `${right.length} of ${checked.length} checked by hand are found`)
    for (const { source, method, active, dropped } of rig.identity.counts()) {
      const share = ((100 * active) / coins.length).toFixed(1)
      t.comment(
        `${source}: ${active} of ${coins.length} coins by ${method} (${share} %), ${dropped} dropped, of ${world.size} ids`,
      )
    }
    const missing = checked.filter(([key, coinId]) => coinId !== '-' && !found.has(key)).map(([key]) => key)
    t.comment(`checked by hand, left unmapped: ${missing.join(' ')}`)
  })
}

t.test('the coins called NEIRO and NEIROCTO are told apart, exchange by exchange', { skip }, async (t) => {
  const { identity, say, sayOften } = identityRig(coinList())
  identity.learnPairs('binance', saidOf('NEIRO/USDT neiro-3'))
  identity.learnPairs('gate', saidOf('NEIRO/USDT neiro-on-eth', 'NEIROCTO/USDT neiro-3'))
  const price = { 'neiro-3': 0.0005, 'neiro-on-eth': 0.04 }
  const seen = (name: string, ...pairs: Parameters<typeof pairOf>[]) =>
    say(exchangeOf(name), ...pairs.map((pair) => pairOf(...pair))).map(({ key, coinId }) => [key, coinId])
  t.same(seen('binance', ['NEIRO/USDT', price['neiro-3']]), [['NEIROUSDT', 'neiro-3']])
  t.same(seen('gate', ['NEIRO/USDT', price['neiro-on-eth']], ['NEIROCTO/USDT', price['neiro-3']]), [
    ['NEIROUSDT', 'neiro-on-eth'],
    ['NEIROCTOUSDT', 'neiro-3'],
  ])
  const swapped = await sayOften(6, BINANCE, () => {
    say(BASE, { key: 'neiro-3', price: price['neiro-3'] }, { key: 'tether', price: 1 })
    return [pairOf('NEIRO/USD', price['neiro-on-eth'])]
  })
  t.same(swapped, [], 'and were they mistaken, the price would tell')
})

t.test('a coin of the same symbol and name that costs something else is another coin', { skip }, async (t) => {
  const rows = paprikaList().filter(({ key }) => ['jup-jupiter', 'uni-uni', 'btc-bitcoin'].includes(key))
  const { found, rig, coins } = await matched(rows)
  const namesakes = coins.filter(
    ({ symbol, name }) => ['Jupiter', 'Uni'].includes(name) && ['jup', 'uni'].includes(symbol),
  )
  t.same(
    namesakes.map(({ id }) => id),
    ['jupiter-exchange-solana', 'uni'],
  )
  t.same([...found], [['btc-bitcoin', 'bitcoin']])
  await rig.clock.advance(DAY_MS)
  t.same([...rig.identity.coinsOf('coinpaprika')], ['bitcoin'])
})
