import { type Quote, SCORE_INTERVALS, type ScoredCoin } from '@crypto-signals/contracts'
import type { Store } from '@crypto-signals/store'

/**
 * All that a system holds at the end of a tape, in one order and without what the wall clock and chance alone decide: when
 * something was received or fired, and the ids of alerts, which stand for the order in which they were set.
 */
export async function outcomeOf(store: Store, alertIds: readonly string[]) {
  const [quotes, signals] = [await allOf(store.quotes.all(500)), await allOf(store.signals.all(500))]
  const { rows: firings } = await store.alerts.triggered({ offset: 0, limit: 1_000_000 })
  const alerts = await Promise.all(alertIds.map((alertId) => store.alerts.get(alertId)))
  return {
    quotes: quotes.map(timelessQuote),
    signals: signals.map(timelessCoin),
    history: await Promise.all(
      signals.flatMap(({ coinId }) => SCORE_INTERVALS.map((interval) => store.scores.of(coinId, interval))),
    ),
    alerts: alerts.map((record) => {
      if (record === null) return null
      const { alertId: _id, createdAt: _createdAt, triggeredAt, ...alert } = record.alert
      return { ...alert, hasFired: triggeredAt !== null, lastAction: record.lastAction }
    }),
    firings: firings
      .map(({ alertId, triggerId: _id, triggeredAt: _at, ...firing }) => ({
        alert: alertIds.indexOf(alertId),
        ...firing,
      }))
      .sort((a, b) => a.alert - b.alert || a.sequence - b.sequence),
  }
}

export type Outcome = Awaited<ReturnType<typeof outcomeOf>>

const timelessQuote = ({ receivedAt: _at, ...quote }: Quote) => quote

const timelessCoin = ({ signals, ...coin }: ScoredCoin) => ({
  ...coin,
  signals: signals.map(({ updatedAt: _at, previous, ...signal }) => ({
    ...signal,
    previous: previous === null ? null : { action: previous.action, finalScore: previous.finalScore },
  })),
})

async function allOf<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}
