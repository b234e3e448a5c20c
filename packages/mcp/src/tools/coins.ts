import { ACTION_FILTERS } from '@crypto-signals/client'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { asked, PAGE, PageShape, pageOf, ShortSignal, Source, shortOf, signalLine, Timeframe } from '../shapes.ts'
import { addTool } from '../tool.ts'
import { sourceWords } from '../words.ts'

/** search_coins and get_signals. */
export function coinTools(server: McpServer, parts: ServerParts): void {
  const { client } = parts
  addTool(server, 'search_coins', parts, {
    title: 'Search coins',
    description:
      'Finds coins whose id, symbol or name contains a text, the best match first. Use it to learn the id of a coin.',
    input: z.strictObject({ query: asked(100), limit: z.number().int().min(1).max(50).default(10) }),
    output: z.object({ source: Source, count: z.number().int(), coins: z.array(ShortSignal) }),
    work: async ({ query, limit }, calling) => {
      const { data, meta, count } = await client.signals.search(query, { limit, sort: 'match' }, calling)
      const text = data.length === 0 ? 'No coin found.' : data.map(signalLine).join('\n')
      return { found: { source: meta.source, count, coins: data.map(shortOf) }, text: sourceWords(meta.source) + text }
    },
  })
  addTool(server, 'get_signals', parts, {
    title: 'Signals of many coins',
    description:
      'Lists scores of coins by score, rank or time. Without a timeframe each coin appears once, with its most confident horizon.',
    input: SignalsInput,
    output: z.object({ source: Source, ...PageShape, signals: z.array(ShortSignal) }),
    work: async ({ action, max_age_seconds, ...more }, calling) => {
      const query = {
        ...defined(more),
        ...(action === undefined ? {} : { filter: action }),
        ...(max_age_seconds === undefined ? {} : { max_age: max_age_seconds }),
      }
      const { data, meta, pagination } = await client.signals.list(query, calling)
      const head = `${data.length} of ${pagination.total_items} signals by ${query.sort}:`
      const text = [sourceWords(meta.source) + head, ...data.map(signalLine)].join('\n')
      return { found: { source: meta.source, ...pageOf(pagination), signals: data.map(shortOf) }, text }
    },
  })
}

const score = z.number().min(0).max(100)

const SignalsInput = z.strictObject({
  timeframe: Timeframe.optional(),
  action: z.enum(ACTION_FILTERS).optional().describe('Only these'),
  sort: z.enum(['score', 'rank', 'updated']).default('score').describe('Highest score, best rank or newest first'),
  min_score: score.optional(),
  max_score: score.optional(),
  max_age_seconds: z.number().int().min(1).max(31_536_000).optional().describe('Only prices no older than that'),
  ...PAGE,
})

/** Without what was not given: the API's types know no undefined. */
const defined = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
