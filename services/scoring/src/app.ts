import type { Subscription } from '@crypto-signals/bus'
import type { Quote, Quotes, ScoredCoin } from '@crypto-signals/contracts'
import type { Ports, Service } from '@crypto-signals/service'
import { consumeQuotes } from './consumes/quotes.ts'
import { idFromEvent, idFromRows } from './event-id.ts'
import { inTurn } from './in-turn.ts'
import { createScoringMetrics } from './metrics.ts'
import { publishByPartition, publishSignals } from './publishes/signals.ts'
import { scoreBatch } from './score-batch.ts'

/** Scores every observation of a coin on four horizons: quotes come in, signals are stored and then published. */
export function buildScoring({ bus, store, log, metrics }: Pick<Ports, 'bus' | 'store' | 'log' | 'metrics'>): Service {
  const meters = createScoringMetrics(metrics)
  // Stored quotes and events may tell of the same coin: its signals must each see the one before.
  const next = inTurn()
  let subscription: Subscription | undefined
  let state: 'stopped' | 'catching up' | 'ready' = 'stopped'
  let scored = 0

  const score = async (quotes: readonly Quote[]): Promise<ScoredCoin[]> => {
    const measured = meters.batchDuration.startTimer()
    const batch = await scoreBatch(store.signals, quotes)
    measured()
    meters.coins.inc(batch.scored)
    scored += batch.scored
    for (const { coinId, signals } of batch.coins) {
      log.debug({ coinId, scores: signals.map(({ finalScore }) => finalScore) }, 'coin scored')
    }
    return batch.coins
  }
  const handle = ({ id, partition, rows }: Quotes) =>
    next(async () => publishSignals(bus, { id: idFromEvent(id), partition, rows: await score(rows) }))
  const catchUp = async () => {
    for await (const quotes of store.quotes.unscored(CATCH_UP_ROWS)) {
      await next(async () => publishByPartition(bus, await score(quotes), idFromRows))
      if (state === 'stopped') return
    }
  }

  return {
    name: 'scoring',
    // Subscribed first: a quote stored meanwhile then comes as an event or lies in the store, and twice does no harm.
    async start() {
      state = 'catching up'
      subscription = await consumeQuotes(bus, handle)
      await catchUp()
      if (state === 'catching up') state = 'ready'
      if (scored > 0) log.info({ coins: scored }, 'caught up with stored quotes')
    },
    async stop() {
      state = 'stopped'
      await subscription?.stop()
      await next(async () => undefined)
    },
    async readiness() {
      const reasons = state === 'ready' ? [] : [`scoring is ${state}`]
      return { ready: state === 'ready', reasons, counts: { scored } }
    },
  }
}

/** As many as one event carries. */
const CATCH_UP_ROWS = 100
