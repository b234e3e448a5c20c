import type { CallOptions, Client } from '@crypto-signals/client'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { Source, Timeframe } from '../shapes.ts'
import { addTool } from '../tool.ts'
import { ageWords, clean, secondsOf, sourceWords } from '../words.ts'

/** market_overview. */
export function marketTools(server: McpServer, parts: ServerParts): void {
  addTool(server, 'market_overview', parts, {
    title: 'The whole market',
    description:
      'How many coins are to be bought or sold by their scores, the average scores, fear and greed, how much of the market is known and how old that is, and whether the data are live or simulated.',
    input: z.strictObject({}),
    output: OverviewShape,
    work: (_asked, calling) => overviewOf(parts.client, calling),
  })
}

const count = z.number().int().min(0)
const seconds = z.number().min(0)

const OverviewShape = z.object({
  source: Source,
  health: z.object({ status: z.enum(['OK', 'WARNING', 'ERROR']), reasons: z.array(z.string()) }),
  signals: z.object({
    coins: count,
    averageScore: z.number(),
    strongBuy: count,
    buy: count,
    hold: count,
    sell: count,
    strongSell: count,
    horizons: z.array(z.object({ timeframe: Timeframe, coins: count, averageScore: z.number() })),
  }),
  fearGreed: z
    .object({ value: z.number(), label: z.string(), source: z.string(), observedAt: z.string(), ageSeconds: seconds })
    .nullable()
    .describe('0 is extreme fear, 100 extreme greed; null while unknown'),
  coverage: z.object({
    listed: count,
    priced: count,
    scored: count,
    freshness: z.object({ live: count, recent: count, delayed: count, stale: count, dead: count }),
    ageSeconds: z
      .object({ p50: seconds, p90: seconds, p99: seconds, max: seconds })
      .nullable()
      .describe('Half of the prices are no older than p50; dead coins do not count'),
  }),
})

async function overviewOf(
  client: Client,
  calling: CallOptions,
): Promise<{ found: z.input<typeof OverviewShape>; text: string }> {
  const [stats, coverage, market, health] = await Promise.all([
    client.signals.stats(calling),
    client.coverage(calling),
    client.market(calling),
    client.health(calling),
  ])
  const { overview, timeframes } = stats.data
  const { listed, priced, scored, freshness, ageMs } = coverage.data
  const { fearGreed } = market.data
  const found = {
    source: stats.meta.source,
    health: { status: health.status, reasons: health.reasons.map(clean) },
    signals: {
      coins: overview.totalCoins,
      averageScore: overview.avgScore,
      strongBuy: overview.strongBuyCount,
      buy: overview.buyCount,
      hold: overview.holdCount,
      sell: overview.sellCount,
      strongSell: overview.strongSellCount,
      horizons: timeframes.map(({ timeframe, count, avgScore }) => ({
        timeframe,
        coins: count,
        averageScore: avgScore,
      })),
    },
    fearGreed: fearGreed && figureOf(fearGreed),
    coverage: { listed, priced, scored, freshness, ageSeconds: ageMs && agesOf(ageMs) },
  }
  return { found, text: overviewText(found) }
}

const figureOf = ({ value, label, source, observedAt, ageMs }: FearGreed) => ({
  value,
  label: clean(label),
  source,
  observedAt,
  ageSeconds: secondsOf(ageMs),
})

type FearGreed = NonNullable<Awaited<ReturnType<Client['market']>>['data']['fearGreed']>

const agesOf = ({ p50, p90, p99, max }: Record<'p50' | 'p90' | 'p99' | 'max', number>) => ({
  p50: secondsOf(p50),
  p90: secondsOf(p90),
  p99: secondsOf(p99),
  max: secondsOf(max),
})

function overviewText({ source, health, signals, fearGreed, coverage }: z.input<typeof OverviewShape>): string {
  const { ageSeconds: ages } = coverage
  const mood =
    fearGreed === null ? 'unknown' : `${fearGreed.value} (${fearGreed.label}), ${ageWords(fearGreed.ageSeconds)} old`
  return [
    `${sourceWords(source)}${signals.coins} coins scored, average ${signals.averageScore.toFixed(1)}: ${signals.strongBuy} strong buy, ${signals.buy} buy, ${signals.hold} hold, ${signals.sell} sell, ${signals.strongSell} strong sell.`,
    `Fear and greed: ${mood}.`,
    `${coverage.priced} of ${coverage.listed} listed coins have a price${ages === null ? '' : `; half of the prices are at most ${ageWords(ages.p50)} old, 90% ${ageWords(ages.p90)}`}.`,
    `The system is ${health.status}${health.reasons.length === 0 ? '' : `: ${health.reasons.join('; ')}`}.`,
  ].join('\n')
}
