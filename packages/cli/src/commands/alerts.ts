import { ALERT_TYPES, type AlertRequest, type Timeframe } from '@crypto-signals/client'
import { Argument, Command } from 'commander'
import { ruleOf } from '../alert-words.ts'
import { coinOf } from '../coin-of.ts'
import { type Act, type Context, sourceNote } from '../context.ts'
import { number, oneOfArgument, span, spoken, timeframeOption, uuid, whole } from '../options.ts'
import { countOf, priceOf, scoreOf, spanOf } from '../terminal/numbers.ts'
import { type Column, table } from '../terminal/table.ts'
import { clean } from '../terminal/text.ts'

export const alertsCommand = (act: Act): Command =>
  new Command('alerts')
    .description('alerts: list, add, remove, and what they told')
    .addCommand(listCommand(act))
    .addCommand(addCommand(act))
    .addCommand(removeCommand(act))
    .addCommand(triggeredCommand(act))

const paged = (command: Command) =>
  command
    .option('-n, --limit <count>', 'how many, 1 to 100', whole(1, 100), 20)
    .option('-p, --page <page>', 'which page of them', whole(1, 1_000_000_000), 1)

const listCommand = (act: Act) =>
  paged(
    new Command('list').description('the alerts there are').option('-c, --coin <coin>', 'only those of this coin'),
  ).action(act(list))

const addCommand = (act: Act) =>
  new Command('add')
    .description('set an alert')
    .argument('<coin>', 'id of the coin, or its symbol if no other coin has it')
    .addArgument(oneOfArgument('<type>', 'what to watch for', ALERT_TYPES))
    .addArgument(
      new Argument('[threshold]', 'dollars, percent or points, as the type says; none for the last two').argParser(
        number,
      ),
    )
    .addOption(timeframeOption('the horizon that is meant; for a change its span: 1h, 24h, 7d or 30d'))
    .option('--cooldown <time>', 'least time between two firings, such as 30m or 12h', span)
    .hook('preAction', checkThreshold)
    .action(act(add))

/** Which types have a threshold the names of the types say. */
function checkThreshold(command: Command): void {
  const [, alertType, threshold] = command.processedArgs as [string, AlertRequest['alertType'], number | undefined]
  const isWanted = /_(above|below)$/.test(alertType)
  if (isWanted && threshold === undefined) command.error(`error: ${spoken(alertType)} wants a threshold.`)
  if (!isWanted && threshold !== undefined) command.error(`error: ${spoken(alertType)} has no threshold.`)
}

const removeCommand = (act: Act) =>
  new Command('remove').description('remove an alert').argument('<alertId>', 'its id', uuid).action(act(remove))

const triggeredCommand = (act: Act) =>
  paged(
    new Command('triggered')
      .description('what fired, newest first')
      .option('-a, --alert <alertId>', 'only of this alert', uuid),
  ).action(act(triggered))

interface ListOptions {
  coin?: string
  page: number
  limit: number
}

async function list({ client, json, paint, width, print, printJson }: Context, { coin, ...page }: ListOptions) {
  const answer = await client.alerts.list(
    coin === undefined ? page : { ...page, coinId: (await coinOf(client, coin)).data.coinId },
  )
  const { data, pagination, meta } = answer
  if (json) printJson(answer)
  else {
    const rows = data.map((alert) => [
      alert.alertId,
      alert.coinId,
      ruleOf(alert),
      { text: alert.isTriggered ? 'fired' : 'armed', paint: alert.isTriggered ? paint.warn : paint.dim },
      countOf(alert.triggerCount),
      alert.triggeredAt ?? '',
    ])
    const lines = rows.length === 0 ? ['No alerts are set.'] : table(ALERT_COLUMNS, rows, { paint, width })
    print(...sourceNote(meta.source, paint), ...lines, ...pageNote(data.length, pagination, paint.dim))
  }
  return 0
}

const ALERT_COLUMNS: readonly Column[] = [
  { title: 'ALERT' },
  { title: 'COIN', most: 24 },
  { title: 'RULE' },
  { title: 'STATE' },
  { title: 'FIRED', align: 'right' },
  { title: 'LAST' },
]

interface AddOptions {
  timeframe?: Timeframe
  cooldown?: number
}

async function add(
  { client, json, paint, print, printJson }: Context,
  coin: string,
  alertType: AlertRequest['alertType'],
  ...[threshold, { timeframe, cooldown }]: [number | undefined, AddOptions]
) {
  const settings = {
    ...(threshold === undefined ? {} : { threshold }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(cooldown === undefined ? {} : { cooldownMs: cooldown }),
  }
  const { coinId } = (await coinOf(client, coin)).data
  const answer = await client.alerts.create({ coinId, alertType, settings } as AlertRequest)
  const { data, meta } = answer
  if (json) printJson(answer)
  else print(...sourceNote(meta.source, paint), `Set ${clean(data.alertId)}: ${clean(data.coinId)} ${ruleOf(data)}`)
  return 0
}

async function remove({ client, json, print, printJson }: Context, alertId: string) {
  const answer = await client.alerts.remove(alertId)
  if (json) printJson(answer)
  else print(`Removed ${clean(answer.data.alertId)}`)
  return 0
}

interface TriggeredOptions {
  alert?: string
  page: number
  limit: number
}

async function triggered(context: Context, { alert, ...page }: TriggeredOptions) {
  const { client, json, paint, width, now, print, printJson } = context
  const answer = await client.alerts.triggered(alert === undefined ? page : { ...page, alertId: alert })
  const { data, pagination, meta } = answer
  if (json) printJson(answer)
  else {
    const rows = data.map(({ coinId, triggeredAt, evidence, ...rule }) => [
      triggeredAt,
      { text: `${spanOf(now() - Date.parse(triggeredAt))} ago`, paint: paint.dim },
      coinId,
      ruleOf(rule),
      priceOf(evidence.price),
      scoreOf(evidence.score),
    ])
    const lines = rows.length === 0 ? ['No alert has fired.'] : table(TRIGGERED_COLUMNS, rows, { paint, width })
    print(...sourceNote(meta.source, paint), ...lines, ...pageNote(data.length, pagination, paint.dim))
  }
  return 0
}

const TRIGGERED_COLUMNS: readonly Column[] = [
  { title: 'FIRED' },
  { title: '', align: 'right' },
  { title: 'COIN', most: 24 },
  { title: 'RULE' },
  { title: 'PRICE $', align: 'right' },
  { title: 'SCORE', align: 'right' },
]

interface PageOf {
  current_page: number
  total_pages: number
  total_items: number
}

/** Where there is more than what is shown, that. */
const pageNote = (shown: number, { current_page, total_pages, total_items }: PageOf, dim: (text: string) => string) =>
  total_pages > 1 ? [dim(`${shown} of ${countOf(total_items)}, page ${current_page} of ${countOf(total_pages)}`)] : []
