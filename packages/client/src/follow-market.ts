import { ApiError, badAnswer } from './api-error.ts'
import type { Clock } from './clock.ts'
import { type HeldRows, type LiveMarketChange, MAX_ROWS } from './held-rows.ts'
import { createBackOff, isRefusal } from './retry.ts'
import type { Export } from './rows.ts'
import type { StreamOptions, StreamState } from './stream.ts'
import type { DataSource, MarketRow, StreamMessage, TriggeredAlert } from './types.ts'

/** Where a market is followed from. */
export interface Feeds {
  exportRows(signal: AbortSignal): Promise<Export>
  stream(options: StreamOptions): AsyncIterable<StreamMessage>
  clock: Clock
  random: () => number
}

/** Who follows it. None of its methods throws. */
export interface Follower {
  held: HeldRows
  onState: (state: StreamState, error?: ApiError) => void
  onSource: (source: DataSource) => void
  onReady: () => void
  onChange: (change: LiveMarketChange) => void
  onAlert: (alert: TriggeredAlert) => void
}

/** Keeps `held` as the server has it until aborted. Begins anew after faults; rejects only when the server refuses. */
export async function followMarket(feeds: Feeds, follower: Follower, signal: AbortSignal): Promise<void> {
  const backOff = createBackOff(feeds.random)
  const isNew = createSeen()
  for (;;) {
    if (signal.aborted) return
    try {
      follower.onState('connecting')
      const since = await load(feeds, follower, signal)
      for await (const message of feeds.stream({ since, signal, onState: follower.onState })) {
        if (message.event === 'hello') follower.onSource(message.data.source)
        if (message.event === 'alert' && isNew(message.data.triggerId)) follower.onAlert(message.data)
        const change = follower.held.take(message)
        if (change !== undefined) follower.onChange(change)
      }
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ApiError) || isRefusal(error)) throw error
      follower.onState('waiting', error)
      await feeds.clock.sleep(backOff.next(error.retryAfterMs), signal).catch(() => {})
    }
  }
}

/** Takes all rows from the export; returns their version. */
async function load(feeds: Feeds, { held, onSource, onChange, onReady }: Follower, signal: AbortSignal) {
  const { version, source, rows } = await feeds.exportRows(signal)
  onSource(source)
  const all = new Map<string, MarketRow>()
  for await (const row of rows) {
    all.set(row.coinId, row)
    if (all.size > MAX_ROWS) throw badAnswer(`More than ${MAX_ROWS} rows`)
  }
  signal.throwIfAborted()
  onChange(held.replace(all, version))
  onReady()
  return version
}

/** Twice as many as a server remembers, and may tell again when a stream goes on. */
const FIRINGS_KEPT = 10_000

function createSeen(): (triggerId: string) => boolean {
  const seen = new Set<string>()
  return (triggerId) => {
    if (seen.has(triggerId)) return false
    seen.add(triggerId)
    const [oldest] = seen
    if (oldest !== undefined && seen.size > FIRINGS_KEPT) seen.delete(oldest)
    return true
  }
}
