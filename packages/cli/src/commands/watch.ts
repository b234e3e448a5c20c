import type { ActionFilter, Client, RowFilter, Timeframe } from '@crypto-signals/client'
import { Command } from 'commander'
import { coinOf } from '../coin-of.ts'
import type { Act, Context } from '../context.ts'
import { filterOption, number, oneOfOption, timeframeOption } from '../options.ts'
import { watchLines } from '../watch/lines.ts'
import { ROW_SORTS, type RowSort } from '../watch/order.ts'
import { watchScreen } from '../watch/screen.ts'

interface WatchOptions {
  timeframe?: Timeframe
  filter?: ActionFilter
  minChange?: number
  sort: RowSort
}

export const watchCommand = (act: Act): Command =>
  new Command('watch')
    .description(
      'the market as it changes: a table that redraws itself, or one line a change where stdout is no terminal',
    )
    .argument('[coins...]', 'ids or symbols of at most 100 coins; without any all coins')
    .addOption(timeframeOption('the horizon to show; without it the most confident one of each coin'))
    .addOption(filterOption('only coins for which the horizon says this'))
    .option(
      '-c, --min-change <percent>',
      "only coins that moved at least so much over the horizon's span, or 24 h",
      number,
    )
    .addOption(oneOfOption('-s, --sort <order>', 'order of the table', ROW_SORTS).default('score'))
    .action(act(watch))

async function watch(context: Context, coins: string[], options: WatchOptions): Promise<number> {
  // A stream is taken up again whatever happens to it: that nobody is there is told before.
  await context.client.health()
  const filter = await filterOf(context.client, coins, options)
  if (context.out.isTTY && !context.json) await watchScreen(context, filter, options)
  else await watchLines(context, filter)
  return 0
}

async function filterOf(client: Client, coins: readonly string[], options: WatchOptions): Promise<RowFilter> {
  const { timeframe, filter, minChange } = options
  const ids: string[] = []
  for (const coin of coins) ids.push((await coinOf(client, coin)).data.coinId)
  return {
    ...(ids.length === 0 ? {} : { coins: ids }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(filter === undefined ? {} : { actions: [filter] }),
    ...(minChange === undefined ? {} : { min_change: minChange }),
  }
}
