import type { Observation } from '../observation.ts'
import type { Answer, SourceTools, StreamFeed } from '../source.ts'
import type { SplitPair } from './pair.ts'
import { fieldOf } from './reading.ts'
import { runStream } from './stream.ts'
import { readTickers } from './ticker.ts'

/** The pairs that changed, each second. Named in the URL, so that nothing need be sent. */
export function binanceStream(url: string, tools: SourceTools, split: SplitPair): StreamFeed {
  return {
    kind: 'stream',
    name: 'miniTicker',
    run: (hand, told, signal) =>
      runStream(
        {
          url: `${url.replace(/\/+$/, '')}/!miniTicker@arr`,
          tools,
          // A connection ends after 24 h.
          renewAfterMs: LASTS_MS,
          told,
          take(message, receivedAt) {
            if (fieldOf(message, 'e') === 'serverShutdown') return 'renew'
            hand(readMiniTickers(message, split, receivedAt))
            return 'go on'
          },
        },
        signal,
      ),
  }
}

const LASTS_MS = (23 * 60 + 50) * 60_000

/** Reads one message of `!miniTicker@arr`; one of another kind is a fault. */
export function readMiniTickers(message: unknown, split: SplitPair, receivedAt: number): Answer<Observation> {
  if (!Array.isArray(message)) {
    return { receivedAt, rows: [], faults: [{ reason: 'message: not a list', id: null }], repeated: 0 }
  }
  const tickers = message.map((row) => ({
    pair: fieldOf(row, 's'),
    last: fieldOf(row, 'c'),
    high: fieldOf(row, 'h'),
    low: fieldOf(row, 'l'),
    quoteVolume: fieldOf(row, 'q'),
    at: fieldOf(row, 'E'),
  }))
  return readTickers(tickers, split, receivedAt)
}
