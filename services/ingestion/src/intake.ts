import type { Quote } from '@crypto-signals/contracts'
import type { QuoteStore } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Answer } from './market-source.ts'
import type { IngestionMetrics } from './metrics.ts'

/** Publishes quotes under ids that begin with `batch`; rejects with the signal's reason between two events. */
export type PublishQuotes = (batch: string, quotes: readonly Quote[], signal: AbortSignal) => Promise<void>

/** Takes the quotes of one source into the system. */
export interface Intake {
  /** Writes an answer's quotes, then publishes them, and accounts for the rows that are none. */
  take(batch: string, answer: Answer<Quote>, signal: AbortSignal): Promise<void>
  /** How many different coins it took in. */
  coins(): number
}

export interface IntakeOptions {
  source: string
  quotes: QuoteStore
  publish: PublishQuotes
  account: (answer: Answer<unknown>) => void
}

export function createIntake({ source, quotes, publish, account }: IntakeOptions): Intake {
  const coins = new Set<string>()
  return {
    async take(batch, answer, signal) {
      account(answer)
      if (answer.rows.length === 0) return
      signal.throwIfAborted()
      await quotes.save(answer.rows)
      // The time is part of the id: a batch that is fetched anew after a crash holds other rows and is no repeat.
      await publish(`${source}:${batch}:${answer.receivedAt}`, answer.rows, signal)
      for (const { coinId } of answer.rows) coins.add(coinId)
    },
    coins: () => coins.size,
  }
}

const MAX_LINES = 20

/** Counts the rows of an answer, and logs each bad one with its reason up to a number that no log minds. */
export function createAccount(
  source: string,
  metrics: IngestionMetrics,
  log: Logger,
): (answer: Answer<unknown>) => void {
  return ({ rows, faults, repeated }) => {
    metrics.rows.inc({ source, result: 'good' }, rows.length)
    metrics.rows.inc({ source, result: 'bad' }, faults.length)
    metrics.rows.inc({ source, result: 'repeated' }, repeated)
    for (const { reason } of faults) metrics.badRows.inc({ source, reason })
    for (const { reason, id } of faults.slice(0, MAX_LINES)) log.warn({ coin: id, reason }, `bad row: ${reason}`)
    if (faults.length > MAX_LINES)
      log.warn({ bad: faults.length, of: faults.length + rows.length }, 'and more bad rows')
  }
}
