import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Quote } from '@crypto-signals/contracts'
import { changesOf, quoteOf } from './quotes.ts'

const DATA = new URL('../../../../shared/data/', import.meta.url)

/** Why the recorded markets cannot be read, false if they can: in the form that a tap test takes as `skip`. */
export const missingRecordings: string | false = existsSync(DATA) ? false : 'no recorded markets beside the repository'

/** Quotes of the pages recorded from CoinGecko: 100 coins of 2022 and 125 of 2024, which know no change but that of 24 h. */
export function coinGeckoQuotes(): Quote[] {
  const { markets } = JSON.parse(read('coingecko/markets_2022-10-04_top100.json')) as { markets: MarketRow[] }
  const later = JSON.parse(read('coingecko/markets_2024-02-18_per125_page1_go_reserialised.json')) as MarketRow[]
  return [...markets, ...later].map((row) =>
    quoteOf({
      coinId: row.id,
      marketCapRank: row.market_cap_rank,
      priceUsd: row.current_price,
      marketCapUsd: row.market_cap,
      volumeUsd24h: row.total_volume,
      changePct: changesOf({ '24h': row.price_change_percentage_24h }),
      sparkline: null,
    }),
  )
}

/** Quotes of the two hundred largest coins on 35 days of 2020 to 2025, with the changes of 1 h, 24 h and 7 d. */
export function monthlyQuotes(): Quote[] {
  const [head = '', ...lines] = read('cmc/monthly_top200_snapshots_odd_months.csv.gz').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const figure = (name: string) => numberOf(cells[names.indexOf(name)])
    return quoteOf({
      marketCapRank: figure('Rank'),
      priceUsd: figure('Price'),
      marketCapUsd: figure('Market Cap'),
      volumeUsd24h: figure('Volume (24h)'),
      changePct: changesOf({ '1h': figure('% 1h'), '24h': figure('% 24h'), '7d': figure('% 7d') }),
      sparkline: null,
    })
  })
}

interface MarketRow {
  id: string
  market_cap_rank: number
  current_price: number
  market_cap: number
  total_volume: number
  price_change_percentage_24h: number
}

function read(path: string): string {
  const bytes = readFileSync(new URL(path, DATA))
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

const numberOf = (cell: string | undefined) => (cell === undefined || cell === '' ? null : Number(cell))
