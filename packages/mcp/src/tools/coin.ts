import {
  ApiError,
  type CallOptions,
  type Client,
  type CoinDetail,
  type CoinSignal,
  type Signal,
  TIMEFRAMES,
} from '@crypto-signals/client'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { Aged, agedOf, asked, Names, namesOf, Opinion, opinionOf, opinionWords, Source, Timeframe } from '../shapes.ts'
import { addTool } from '../tool.ts'
import { ageWords, percentOf, sourceWords, usdOf } from '../words.ts'

/** get_coin. */
export function coinTool(server: McpServer, parts: ServerParts): void {
  addTool(server, 'get_coin', parts, {
    title: 'A coin with its reasons',
    description:
      'Price, changes and the four horizons of one coin, each with what its score is made of and why. A symbol that several coins have is an error with the candidates.',
    input: z.strictObject({ coin: asked(128).describe('Id such as "bitcoin", or a symbol that no other coin has') }),
    output: CoinShape,
    work: ({ coin }, calling) => coinWith(parts.client, coin, calling),
  })
}

const Horizon = z.object({
  timeframe: Timeframe,
  ...Opinion,
  coverage: z.number().min(0).max(1).describe('Inputs that were known, as a share of those wanted'),
  reasons: z.array(
    z.object({
      component: z.string(),
      score: z.number(),
      weight: z.number(),
      points: z.number().describe('score × weight; the points sum to the score of the horizon'),
      why: z.string(),
    }),
  ),
  previous: z.object({ action: z.string(), score: z.number(), at: z.string() }).nullable(),
})

const percent = z.number().nullable()

const CoinShape = z.object({
  source: Source,
  ...Names,
  priceUsd: z.number().nullable(),
  marketCapUsd: z.number().nullable(),
  volumeUsd24h: z.number().nullable(),
  changePct: z.object({
    '1h': percent,
    '24h': percent,
    '7d': percent,
    '14d': percent,
    '30d': percent,
    '200d': percent,
    '1y': percent,
  }),
  ...Aged,
  primary: Timeframe.nullable().describe('The most confident horizon; null until the coin was scored'),
  horizons: z.array(Horizon).describe('Shortest first; none until the coin was scored'),
})

interface CoinAnswer {
  found: z.input<typeof CoinShape>
  text: string
}

async function coinWith(client: Client, text: string, calling: CallOptions): Promise<CoinAnswer> {
  const { data: coin, meta } = await coinOf(client, text, calling)
  const scored = await signalsOf(client, coin.coinId, calling)
  const { marketCapRank: rank, priceUsd, marketCapUsd, volumeUsd24h, changePct } = coin
  return {
    found: {
      source: meta.source,
      ...namesOf(coin),
      rank,
      priceUsd,
      marketCapUsd,
      volumeUsd24h,
      changePct,
      ...agedOf(coin),
      primary: scored?.timeframe ?? null,
      horizons: scored === null ? [] : TIMEFRAMES.map((timeframe) => horizonOf(scored.timeframes[timeframe])),
    },
    text: sourceWords(meta.source) + coinText(coin, scored),
  }
}

/** By its id, else the one coin that has this symbol. */
async function coinOf(client: Client, text: string, calling: CallOptions): Promise<CoinDetail> {
  try {
    return await client.coins.get(text, calling)
  } catch (error) {
    const [only, ...others] = error instanceof ApiError && error.status === 404 ? error.candidates : []
    if (only === undefined || others.length > 0) throw error
    return client.coins.get(only.coinId, calling)
  }
}

async function signalsOf(client: Client, coinId: string, calling: CallOptions): Promise<CoinSignal['data'] | null> {
  try {
    return (await client.signals.ofCoin(coinId, calling)).data
  } catch (error) {
    if (error instanceof ApiError && error.code === 'QUERY_NOT_SCORED') return null
    throw error
  }
}

const horizonOf = (signal: Signal) => ({
  timeframe: signal.timeframe,
  ...opinionOf(signal),
  coverage: signal.coverage,
  reasons: signal.breakdown.map(({ contribution, ...part }) => ({ ...part, points: contribution })),
  previous: signal.previous && {
    action: signal.previous.action,
    score: signal.previous.finalScore,
    at: signal.previous.at,
  },
})

function coinText(coin: CoinDetail['data'], scored: CoinSignal['data'] | null): string {
  const { name, symbol, coinId } = namesOf(coin)
  const price = `${usdOf(coin.priceUsd)} (${ageWords(coin.ageMs / 1_000)} old, from ${coin.source}), 24h ${percentOf(coin.changePct['24h'])}, 7d ${percentOf(coin.changePct['7d'])}`
  const head = `${name} (${symbol.toUpperCase()}, id ${coinId}): ${price}.`
  if (scored === null) return `${head}\nNot scored yet.`
  const horizons = TIMEFRAMES.map((timeframe) => `${timeframe}: ${opinionWords(scored.timeframes[timeframe])}`)
  const reasons = scored.breakdown.map(
    ({ component, contribution, why }) => `- ${component}, ${contribution.toFixed(1)} points: ${why}`,
  )
  return [head, horizons.join('; '), `Why, on ${scored.timeframe}:`, ...reasons].join('\n')
}
