import { signal } from '@preact/signals'
import type { Ask, Connection, MarketRow, Range, Summary, Tell, TriggeredAlert, View } from './protocol.ts'

/** How the market reaches the page, and whether it is an invented one. */
export const connection = signal<{ state: Connection; source: 'live' | 'simulated' | null; loaded: number }>({
  state: 'connecting',
  source: null,
  loaded: 0,
})
export const summary = signal<Summary | null>(null)
/** The part of the table's view that the worker last told of. */
export const shown = signal<{
  view: View
  range: Range
  rows: MarketRow[]
  total: number
  changed: ReadonlySet<string>
} | null>(null)
export const largest = signal<MarketRow[]>([])
export const followedCoin = signal<{ coinId: string; row: MarketRow | null } | null>(null)
/** The alerts that fired while the page was open, newest first, each once. */
export const fired = signal<readonly TriggeredAlert[]>([])

let worker: Worker | undefined

/** Starts the worker that holds the whole market: nothing that takes long happens where the page is drawn. */
export function openMarket(): void {
  worker = new Worker(new URL('./market-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Tell>) => take(data))
  ask({ ask: 'open', baseUrl: location.origin })
  document.addEventListener('visibilitychange', () => ask({ ask: 'pause', paused: document.hidden }))
}

export const ask = (message: Ask): void => worker?.postMessage(message)

function take(told: Tell): void {
  if (told.tell === 'connection') connection.value = told
  else if (told.tell === 'summary') summary.value = told.summary
  else if (told.tell === 'rows') shown.value = { ...told, changed: new Set(told.changed) }
  else if (told.tell === 'largest') largest.value = told.rows
  else if (told.tell === 'coin') followedCoin.value = told
  else if (!fired.value.some(({ triggerId }) => triggerId === told.alert.triggerId))
    fired.value = [told.alert, ...fired.value].slice(0, MOST_FIRED)
}

const MOST_FIRED = 100
