import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Answers of real sources, recorded. */
export interface Recordings {
  /** The content of a JSON file, `.gz` or not, by its path. */
  read(path: string): unknown
  /** Every recorded row of CoinGecko's /coins/markets, of several years; some partial, some coins repeated. */
  coinGeckoRows(): unknown[]
  /** CoinGecko's whole /coins/list of 2025-03-31. */
  coinList(): { id: string; symbol: string; name: string }[]
}

/** The recordings that lie beside a working copy, or null where there are none: what needs them is then skipped. */
export function recordings(): Recordings | null {
  if (!existsSync(DIR)) return null
  return {
    read,
    coinGeckoRows: () => MARKETS.flatMap(([file, ...keys]) => keys.reduce(property, read(file)) as unknown[]),
    coinList: () => read('coingecko/coins_list_2025-03-31.json.gz') as ReturnType<Recordings['coinList']>,
  }
}

const DIR = resolve(import.meta.dirname, '../../../../shared/data')

// File, then the way to its rows.
const MARKETS: [string, ...string[]][] = [
  ['coingecko/markets_2022-10-04_top100.json', 'markets'],
  ['coingecko/markets_2024-02-18_per125_page1_go_reserialised.json'],
  ['coingecko/markets_2025-02-25_2coins_1h_24h.json'],
  ['coingecko/markets_2022-04-17_sparkline_2coins_backend_shape.json', 'data'],
  ['coingecko/markets_tail_unranked_partial_object.json'],
  ['coingecko/official_examples_2026-05.json', '/coins/markets'],
  ['coingecko/fixtures_2024-04.json.gz', 'GetMarkets', 'body'],
  ['coingecko/fixtures_2023-03.json.gz', 'CoinMarketMockData', 'validResponseBody'],
  ['coingecko/fixtures_2023-03.json.gz', 'CoinMarketMockData', 'validResponseBodyWithCompleteParameter'],
  ['coingecko/cassettes_2021.json.gz', 'market_data_for_a_coin', '0', 'body'],
]

function read(path: string): unknown {
  const bytes = readFileSync(join(DIR, path))
  return JSON.parse(String(path.endsWith('.gz') ? gunzipSync(bytes) : bytes))
}

const property = (value: unknown, key: string) => (value as Record<string, unknown>)[key]
