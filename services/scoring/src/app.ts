import type { Subscription } from '@crypto-signals/bus'
import { MAX_BATCH_ROWS, partitionOf, type Quote, type Quotes } from '@crypto-signals/contracts'
import type { Ports, Service } from '@crypto-signals/service'
import { createCatchUp, REPEAT_MS } from './catch-up.ts'
import { consumeQuotes } from './consumes/quotes.ts'
import { idFromEvent, idFromRows } from './event-id.ts'
import { publishSignals } from './publishes/signals.ts'
import { createScorer } from './scorer.ts'
import { createTurns } from './turns.ts'

type ScoringPorts = Pick<Ports, 'bus' | 'store' | 'clock' | 'log' | 'metrics'>

/** Scores every observation of a coin on four horizons: quotes come in, signals are stored and then published. */
export function buildScoring({ bus, store, clock, log, metrics }: ScoringPorts): Service {
  const scorer = createScorer({ store, log, metrics })
  // Stored quotes and events may tell of the same coin: its signals must each see the one before.
  const turns = createTurns()
  const leaving = new AbortController()
  let subscription: Subscription | undefined
  let catchingUp: Promise<unknown> | undefined
  let state: 'stopped' | 'ready' = 'stopped'

  const handle = ({ id, partition, rows }: Quotes) =>
    turns.take(partition, async () =>
      publishSignals(bus, { id: idFromEvent(id), partition, rows: await scorer.score(rows) }),
    )
  const scoreStored = async (quotes: readonly Quote[]) => {
    for (const { partition, rows } of batchesOf(quotes)) {
      await turns.take(partition, async () => {
        const coins = await scorer.score(rows)
        await publishSignals(bus, { id: idFromRows(coins), partition, rows: coins })
      })
    }
    return quotes.length
  }
  const catchUp = createCatchUp({
    unscored: (size) => store.quotes.unscored(size),
    score: scoreStored,
    behind: async () => (await subscription?.behind()) ?? Infinity,
    clock,
    log,
  })

  return {
    name: 'scoring',
    // Subscribed first: a quote stored meanwhile then comes as an event or lies in the store, and twice does no harm.
    async start() {
      subscription ??= await consumeQuotes(bus, handle)
      state = 'ready'
      // Within one process nothing is on its way yet, and whoever publishes starts later.
      const alone = bus.adapter === 'in-process'
      if (alone) await catchUp.once()
      catchingUp = catchUp.repeat(alone ? REPEAT_MS : 0, leaving.signal).catch(() => undefined)
    },
    async stop() {
      state = 'stopped'
      leaving.abort()
      await subscription?.stop()
      await catchingUp
      await turns.done()
    },
    async readiness() {
      const reasons = state === 'ready' ? [] : [`scoring is ${state}`]
      return { ready: state === 'ready', reasons, counts: { scored: scorer.scored } }
    },
  }
}

/** As many of one partition as one event carries. */
function* batchesOf(quotes: readonly Quote[]): Iterable<{ partition: number; rows: Quote[] }> {
  for (const [partition, rows] of Map.groupBy(quotes, ({ coinId }) => partitionOf(coinId))) {
    for (let from = 0; from < rows.length; from += MAX_BATCH_ROWS)
      yield { partition, rows: rows.slice(from, from + MAX_BATCH_ROWS) }
  }
}
