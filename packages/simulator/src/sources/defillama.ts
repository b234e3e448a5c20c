import { lastUpdatedMs } from '../market/coin.ts'
import { chance } from '../market/hash.ts'
import { unixSeconds } from '../world/numbers.ts'
import type { View } from '../world/view.ts'
import { type Answerer, refusal, type SimulatedSource } from './source.ts'

/** DefiLlama's coins: a price by CoinGecko id or contract, of most coins that have one, a few minutes late. */
export const defillama: SimulatedSource = {
  name: 'defillama',
  refreshMs: 60_000,
  spread: 0.002,
  open: (view) => ({
    '/prices/current/:coins': ({ param }) => ({
      coins: Object.fromEntries(askedOf(view, param('coins')).flatMap(([key, index]) => priceEntry(view, key, index))),
    }),
    '/chart/:coins': chart(view),
  }),
}

// What it knows of the coins that have a price.
const KNOWN = 0.95

const askedOf = ({ world }: View, coins: string): [string, number][] =>
  coins.split(',').flatMap((key): [string, number][] => {
    const colon = key.indexOf(':')
    const [chain, name] = [key.slice(0, colon), key.slice(colon + 1)]
    const index = chain === 'coingecko' ? world.market.indexOf(name) : world.byContract(chain, name)
    return index === undefined || chance(world.coinAt(index).seed, 80) > KNOWN ? [] : [[key, index]]
  })

const priceEntry = (view: View, key: string, index: number): [string, unknown][] => {
  const coin = view.world.coinAt(index)
  const seenAt = view.seenAt()
  const at = coin.state === 'dead' ? lastUpdatedMs(coin, seenAt) : seenAt - (coin.seed % 180_000)
  const price = view.priceAt(index, at, seenAt)
  if (price === null) return []
  return [[key, { price, symbol: coin.symbol.toUpperCase(), timestamp: unixSeconds(at), confidence: 0.99 }]]
}

const PERIODS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const chart =
  (view: View): Answerer =>
  ({ param, query }) => {
    const seenAt = view.seenAt()
    const period = /^(\d{1,4})([mhdw])$/.exec((query('period') || '1d').toLowerCase())
    if (period === null) return refusal(400, { message: 'invalid period' })
    const stepMs = Number(period[1]) * (PERIODS_MS[period[2] ?? ''] ?? 0)
    const span = Math.min(500, Math.max(1, Number(query('span')) || 1))
    const start = query('start') === '' ? null : Number(query('start')) * 1_000
    const end = query('end') === '' ? seenAt : Math.min(seenAt, Number(query('end')) * 1_000)
    const first = start ?? end - (span - 1) * stepMs
    return {
      coins: Object.fromEntries(
        askedOf(view, param('coins')).map(([key, index]) => [
          key,
          {
            symbol: view.world.coinAt(index).symbol.toUpperCase(),
            confidence: 0.99,
            prices: Array.from({ length: span }, (_, step) => first + step * stepMs)
              .filter((ms) => ms <= end)
              .flatMap((ms) => {
                const price = view.priceAt(index, ms, seenAt)
                return price === null ? [] : [{ timestamp: unixSeconds(ms), price }]
              }),
          },
        ]),
      ),
    }
  }
