import type { Ports } from '@crypto-signals/service'
import type { Logger } from 'pino'
import { createBudget } from './budget.ts'
import { type CallerOptions, createCaller } from './caller.ts'
import type { IngestionConfig } from './config.ts'
import { createAccount, createIntake, type PublishQuotes } from './intake.ts'
import type { MarketSource } from './market-source.ts'
import type { IngestionMetrics } from './metrics.ts'
import { createStatusKeeper } from './source-status.ts'
import { createSweep } from './sweep.ts'
import { createSweepHistory } from './sweep-history.ts'
import { createTop } from './top.ts'
import { createUniverse } from './universe.ts'

export interface WatchOptions {
  source: MarketSource
  ports: Ports
  config: IngestionConfig
  publish: PublishQuotes
  metrics: IngestionMetrics
  random: () => number
}

export type WatchTools = ReturnType<typeof createWatchTools>

/** Makes what a watch works with, all for one source. */
export function createWatchTools({ source, ports, publish, metrics, random }: WatchOptions, log: Logger) {
  const { clock, store } = ports
  const { name } = source
  const status = createStatusKeeper({ source, store, clock, log })
  const budget = createBudget(name, source.limits, store.budgets, clock)

  const observe: CallerOptions['observe'] = (outcome, error) => {
    metrics.calls.inc({ source: name, outcome })
    if (error === undefined) return status.succeeded()
    status.failed(error)
    log.warn({ outcome, path: error.path }, `call failed: ${error.message}`)
  }
  const caller = createCaller({ budget, clock, random, observe })
  const account = createAccount(name, metrics, log)
  const universe = createUniverse({ source, caller, store: store.sources, clock, log, account })
  const intake = createIntake({ source: name, quotes: store.quotes, publish, account })
  const history = createSweepHistory(name, store.sources, clock, log)
  const sweep = createSweep({
    source,
    caller,
    store: store.sources,
    intake,
    clock,
    log,
    progressed(progress) {
      status.sweep(progress, universe.known()?.coins.length ?? 0)
      history.progressed(progress)
      metrics.sweepChunks.set({ source: name, state: 'done' }, progress.chunksDone)
      metrics.sweepChunks.set({ source: name, state: 'total' }, progress.chunksTotal)
    },
    chunkFailed: () => metrics.failedChunks.inc({ source: name }),
  })
  const top = createTop({ source, caller, intake, clock, universe })
  return { status, budget, universe, intake, history, sweep, top }
}
