import type { ActionFilter, SignalsQuery, Timeframe } from '@crypto-signals/client'
import { Command } from 'commander'
import { type Act, type Context, sourceNote } from '../context.ts'
import { filterOption, oneOfOption, timeframeOption, whole } from '../options.ts'
import { signalLines } from '../signal-lines.ts'
import { countOf } from '../terminal/numbers.ts'
import { HORIZON_NAMES } from '../words.ts'

interface TopOptions {
  timeframe?: Timeframe
  filter?: ActionFilter
  sort: NonNullable<SignalsQuery['sort']>
  limit: number
}

export const topCommand = (act: Act): Command =>
  new Command('top')
    .description('the coins with the highest scores')
    .addOption(timeframeOption('a horizon; without it the most confident one of each coin'))
    .addOption(filterOption('only coins for which the horizon says this'))
    .addOption(oneOfOption('-s, --sort <order>', 'highest score, best rank or newest first', SORTS).default('score'))
    .option('-n, --limit <count>', 'how many, 1 to 100', whole(1, 100), 20)
    .action(act(top))

const SORTS = ['score', 'rank', 'updated']

async function top(context: Context, options: TopOptions): Promise<number> {
  const { client, json, paint, print, printJson } = context
  const answer = await client.signals.list({ ...options })
  if (json) {
    printJson(answer)
    return 0
  }
  const { data, pagination, meta } = answer
  const horizon = options.timeframe === undefined ? 'most confident horizon of each' : HORIZON_NAMES[options.timeframe]
  print(
    ...sourceNote(meta.source, paint),
    ...signalLines(data, context),
    paint.dim(`${data.length} of ${countOf(pagination.total_items)} coins, by ${options.sort}, ${horizon}`),
  )
  return 0
}
