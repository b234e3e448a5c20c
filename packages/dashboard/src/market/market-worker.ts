import { createClient, type LiveMarket } from '@crypto-signals/client'
import { createChangeCount } from './changes-counted.ts'
import { countedFetch } from './counted-fetch.ts'
import type { Ask, Connection, FirstRows, Range, Source, Tell, View } from './protocol.ts'
import { summarise } from './summary.ts'
import { createTable } from './table.ts'

// Figures in the table change four times a second, the order and the summary once: eyes follow no faster.
const ROWS_MS = 250
const ORDER_MS = 1_000
const SUMMARY_MS = 1_000
/** The whole market is asked for at once: on a slow line its answer takes a while to begin. */
const PATIENCE_MS = 30_000

/** Of the summary, until a table is looked at. */
const FIRST_HORIZON = 'SWING_TRADING'

const KINDS = ['order', 'rows', 'summary', 'largest', 'coins'] as const

const table = createTable()
const changes = createChangeCount(Date.now)
const tell = (message: Tell) => postMessage(message)

let market: LiveMarket | undefined
let source: Source | null = null
let view: View | null = null
let range: Range = { from: 0, to: 0 }
let count = 0
let followed: string | null = null
let named: readonly string[] = []
let isPaused = false
let loaded = 0
let wasLive = false
/** Kinds of news that wait to be told. */
const waiting = new Set<(typeof KINDS)[number]>()

addEventListener('message', ({ data }: MessageEvent<Ask>) => {
  if (data.ask === 'open') open(data.baseUrl, data.first)
  else if (data.ask === 'view') look(data.view, data.range)
  else if (data.ask === 'range') {
    range = data.range
    tellRows()
  } else if (data.ask === 'largest') {
    count = data.count
    tellLargest()
  } else if (data.ask === 'coin') {
    followed = data.coinId
    tellCoin()
  } else if (data.ask === 'coins') {
    named = data.coinIds
    tellCoins()
  } else if (data.ask === 'find') {
    tell({ tell: 'found', search: data.search, rows: table.find(data.search, data.count) })
  } else {
    isPaused = data.paused
    if (!isPaused) flush()
  }
})

every(ORDER_MS, () => waiting.delete('order') && view !== null && table.arrange(view))
every(ROWS_MS, () => waiting.delete('rows') && tellRows())
every(SUMMARY_MS, () => waiting.delete('summary') && tellSummary())
every(SUMMARY_MS, () => waiting.delete('largest') && tellLargest())
every(SUMMARY_MS, () => waiting.delete('coins') && tellCoins())

function open(baseUrl: string, first: FirstRows | null): void {
  if (first !== null) takeFirst(first)
  const client = createClient({ baseUrl, fetch: countedFetch(tellLoaded), timeoutMs: PATIENCE_MS })
  market = client.liveMarket({}, { onState: tellConnection, onAlert: (alert) => tell({ tell: 'alert', alert }) })
  market.subscribe((change) => {
    const isFirst = table.all().length === 0
    table.take(change)
    if (!change.reset) changes.add(change.rows.length)
    for (const kind of KINDS) waiting.add(kind)
    if (change.rows.some(({ coinId }) => coinId === followed) || change.left.includes(followed ?? '') || change.reset)
      tellCoin()
    if (!isFirst && !change.reset) return
    tellConnection()
    flush()
  })
  // What no waiting helps against is told as the lack of a connection: the page has no more to say of it.
  market.ready.catch(() => tellConnection())
}

/** The largest coins, for as long as there are no others. */
function takeFirst(first: FirstRows): void {
  source = first.source
  table.take({ rows: first.rows, left: [], reset: true })
  tellConnection()
  flush()
}

/** The reader chose another view. The summary too is of its horizon. */
function look(next: View, nextRange: Range): void {
  const isOtherHorizon = view?.horizon !== next.horizon
  view = next
  range = nextRange
  table.arrange(next)
  tellRows()
  if (isOtherHorizon) tellSummary()
}

function flush(): void {
  waiting.clear()
  if (view !== null) table.arrange(view)
  tellRows()
  tellSummary()
  tellLargest()
  tellCoin()
  tellCoins()
}

function tellRows(): void {
  if (view === null || range.to === 0) return
  // The largest coins alone are no answer to another view, nor are those that the last view showed.
  const isThere = isWhole() || (isByRank(view) && table.all().length > 0)
  if (isThere) tell(rowsOf(view))
  else tell({ tell: 'awaited' })
}

function rowsOf(view: View): Tell {
  const { total } = table
  const cut = { from: Math.min(range.from, total), to: Math.min(range.to, total) }
  return { tell: 'rows', view, range: cut, rows: table.slice(cut), total }
}

function tellSummary(): void {
  if (!isWhole()) return
  const summary = { ...summarise(table.all(), view?.horizon ?? FIRST_HORIZON), changedLastMinute: changes.lastMinute() }
  tell({ tell: 'summary', summary })
}

function tellLargest(): void {
  if (count > 0 && isWhole()) tell({ tell: 'largest', rows: table.largest(count) })
}

function tellCoin(): void {
  if (followed !== null && isWhole()) tell({ tell: 'coin', coinId: followed, row: table.get(followed) ?? null })
}

function tellCoins(): void {
  if (named.length > 0 && isWhole()) tell({ tell: 'coins', rows: named.flatMap((coinId) => table.get(coinId) ?? []) })
}

const isWhole = () => typeof market?.version === 'string'

/** The largest coins alone are the beginning of this view, and of no other. */
const isByRank = ({ sort, descending, actions, search, only, sure, maxRank, minVolumeUsd }: View) =>
  sort === 'rank' &&
  !descending &&
  actions.length === 0 &&
  search === '' &&
  only === null &&
  !sure &&
  maxRank === null &&
  minVolumeUsd === null

function tellLoaded(lines: number): void {
  loaded = lines
  tellConnection()
}

function tellConnection(): void {
  tell({
    tell: 'connection',
    state: stateOf(market),
    source: market?.source ?? source,
    loaded: Math.max(loaded, table.all().length),
  })
}

function stateOf(market: LiveMarket | undefined): Connection {
  if (market === undefined) return 'connecting'
  if (market.version !== null && market.state === 'open') {
    wasLive = true
    return 'live'
  }
  // Each try to come back begins with `connecting`: to the reader it is one and the same loss.
  if (wasLive || market.state === 'waiting' || market.state === 'closed') return 'waiting'
  return loaded > 0 || table.all().length > 0 ? 'loading' : 'connecting'
}

function every(ms: number, act: () => unknown): void {
  setInterval(() => {
    if (!isPaused) act()
  }, ms)
}
