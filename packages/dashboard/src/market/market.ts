import { signal } from '@preact/signals'
import { firstRows } from './first-rows.ts'
import { kept } from './kept-rows.ts'
import type { Ask, Connection, MarketRow, Range, Source, Summary, Tell, TriggeredAlert, View } from './protocol.ts'

/** How the market reaches the page. */
export const connection = signal<{ state: Connection; loaded: number }>({ state: 'connecting', loaded: 0 })
/** As the last answer of any kind said; null before the first. */
export const source = signal<Source | null>(null)
export const summary = signal<Summary | null>(null)
/** The part of the table's view that the worker last told of; null while the view has none. A row that did not change stays the same object. */
export const shown = signal<{ view: View; range: Range; rows: MarketRow[]; total: number } | null>(null)
export const largest = signal<MarketRow[]>([])
export const followedCoin = signal<{ coinId: string; row: MarketRow | null } | null>(null)
/** The coins that alerts are about, by id. */
export const namedCoins = signal<ReadonlyMap<string, MarketRow>>(new Map())
/** What was last found for a text. */
export const found = signal<{ search: string; rows: readonly MarketRow[] }>({ search: '', rows: [] })
/** The alerts that fired while the page was open, newest first, each once. */
export const fired = signal<readonly TriggeredAlert[]>([])

let worker: Worker | undefined

/** Starts the worker that holds the whole market: nothing that takes long happens where the page is drawn. */
export function openMarket(): void {
  // The worker takes its time to start: meanwhile these are on their way.
  const first = firstRows(location.origin)
  worker = new Worker(new URL('./market-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Tell>) => take(data))
  void first.then((first) => ask({ ask: 'open', baseUrl: location.origin, first }))
  document.addEventListener('visibilitychange', () => ask({ ask: 'pause', paused: document.hidden }))
}

export const ask = (message: Ask): void => worker?.postMessage(message)

function take(told: Tell): void {
  if (told.tell === 'connection') {
    source.value = told.source ?? source.value
    connection.value = told
  } else if (told.tell === 'summary') summary.value = told.summary
  else if (told.tell === 'rows') shown.value = { ...told, rows: kept(shown.value?.rows ?? [], told.rows) }
  else if (told.tell === 'awaited') shown.value = null
  else if (told.tell === 'largest') largest.value = told.rows
  else if (told.tell === 'coin') followedCoin.value = told
  else if (told.tell === 'coins') namedCoins.value = new Map(told.rows.map((row) => [row.coinId, row]))
  else if (told.tell === 'found') found.value = told
  else if (!fired.value.some(({ triggerId }) => triggerId === told.alert.triggerId))
    fired.value = [told.alert, ...fired.value].slice(0, MOST_FIRED)
}

const MOST_FIRED = 100
