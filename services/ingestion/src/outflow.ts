import { createHash } from 'node:crypto'
import type { Clock } from '@crypto-signals/clock'
import { partitionOf, type Quote } from '@crypto-signals/contracts'
import type { QuoteStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Book } from './merging/book.ts'
import { unlessAborted } from './unless-aborted.ts'
import { createWaitingCoins, type WaitingCoin, type WaitingCoins } from './waiting-coins.ts'

/** Publishes quotes under ids that begin with `batch`; rejects with the signal's reason between two events. */
export type PublishQuotes = (batch: string, quotes: readonly Quote[], signal: AbortSignal) => Promise<void>

/** Writes the quotes of coins that changed, then publishes them. What could not go out stays and goes out later, as the quote it is by then. */
export interface Outflow {
  /**
   * Tells of coins that an answer changed. Without `coalesce` it resolves when they are published, under ids that begin with `batch`,
   * which no other answer may have; it rejects when that fails for now, or with the signal's reason. With `coalesce` they go out
   * together with later changes: within ten seconds, those held in alerts within one.
   */
  offer(batch: string, coinIds: readonly string[], how: Offer, signal: AbortSignal): Promise<void>
  start(): void
  /** Publishes what is still waiting, until `late` is aborted. */
  stop(late?: AbortSignal): Promise<void>
}

interface Offer {
  coalesce: boolean
  /** When the answer came, ms since the epoch. */
  receivedAt: number
}

export interface OutflowOptions {
  quotes: Pick<QuoteStore, 'save'>
  publish: PublishQuotes
  book: Pick<Book, 'quoteOf'>
  clock: Clock
  log: Logger
  /** Whether a rule watches the coin. */
  isAlerted: (coinId: string) => boolean
}

export function createOutflow(options: OutflowOptions): Outflow {
  const waiting = createWaitingCoins()
  const send = createSender(options, waiting)
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  return {
    async offer(batch, coinIds, { coalesce, receivedAt }, signal) {
      waiting.put(coinIds.map((coinId) => ({ coinId, receivedAt })))
      if (coalesce) return
      const asked = new Set(coinIds)
      const due = waiting.take((coinId) => asked.has(coinId))
      await send(due, (_quotes, part) => (part === 0 ? batch : `${batch}:${part}`), signal)
    },
    start() {
      running ??= takeTurns(options, waiting, send, stopping.signal).catch(() => undefined)
    },
    async stop(late = NEVER) {
      stopping.abort()
      await running
      const rest = waiting.take(() => true)
      await send(rest, idOfContent, late).catch((err: unknown) =>
        options.log.warn({ err, coins: waiting.size }, 'stopping although quotes are not yet published'),
      )
    },
  }
}

const NEVER = new AbortController().signal

const TURN_MS = 1_000
const TURNS = 10
const LONGEST_PAUSE_MS = 30_000

/** Sends the coins of some partitions each second, so that all have had their turn after ten; rejects when `signal` is aborted. */
async function takeTurns(
  { clock, log, isAlerted }: OutflowOptions,
  waiting: WaitingCoins,
  send: Send,
  signal: AbortSignal,
): Promise<never> {
  let [turn, failures, nextAt] = [0, 0, clock.now()]
  const isDue = (coinId: string) => partitionOf(coinId) % TURNS === turn || isAlerted(coinId)
  for (;;) {
    await unlessAborted(waiting.some(), signal)
    nextAt = Math.max(nextAt, clock.now() - TURN_MS) + Math.min(TURN_MS * 2 ** failures, LONGEST_PAUSE_MS)
    await clock.sleep(Math.max(0, nextAt - clock.now()), signal)
    try {
      await send(waiting.take(isDue), idOfContent, signal)
      ;[turn, failures] = [(turn + 1) % TURNS, 0]
    } catch (err) {
      signal.throwIfAborted()
      // The same turn comes again.
      failures++
      log.warn({ err, coins: waiting.size }, 'quotes could not be published: tried again later')
    }
  }
}

/** Writes and publishes quotes of coins, in parts; those that could not go are put back. */
type Send = (coins: readonly WaitingCoin[], idOf: IdOf, signal: AbortSignal) => Promise<void>

/** Of the quotes of a part, by its number from 0. */
type IdOf = (quotes: readonly Quote[], part: number) => string

// Written in one go, during which nothing else in the process is done.
const PART_ROWS = 250

function createSender({ quotes, publish, book }: OutflowOptions, waiting: WaitingCoins): Send {
  return async (coins, idOf, signal) => {
    for (let from = 0; from < coins.length; from += PART_ROWS) {
      try {
        signal.throwIfAborted()
        const rows = coins
          .slice(from, from + PART_ROWS)
          .flatMap(({ coinId, receivedAt }) => book.quoteOf(coinId, receivedAt) ?? [])
        if (rows.length === 0) continue
        await quotes.save(rows)
        await publish(idOf(rows, from / PART_ROWS), rows, signal)
      } catch (error) {
        waiting.put(coins.slice(from))
        throw error
      }
    }
  }
}

/** The same observations have the same id, others have another. */
function idOfContent(quotes: readonly Quote[]): string {
  const content = quotes.map(({ coinId, observedAt, receivedAt }) => [coinId, observedAt, receivedAt])
  return `merged:${createHash('sha256').update(JSON.stringify(content)).digest('base64url')}`
}
