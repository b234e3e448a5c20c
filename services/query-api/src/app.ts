import type { Subscription } from '@crypto-signals/bus'
import { FRESHNESS_LIMITS_MS, TIMEFRAMES } from '@crypto-signals/contracts'
import { type HttpService, httpError, type Ports, type Readiness } from '@crypto-signals/service'
import { consumeAlerts } from './consumes/alerts.ts'
import { consumeQuotes } from './consumes/quotes.ts'
import { consumeSignals } from './consumes/signals.ts'
import { createHub } from './live/hub.ts'
import { meterMarket, meterStreams } from './metrics.ts'
import { createInterest } from './publishes/interest.ts'
import { hydrate, lastTriggered } from './read-model/hydrate.ts'
import { createMarket, type Market } from './read-model/market.ts'
import { createStaging } from './read-model/staging.ts'
import { serveBars } from './serves/bars.ts'
import { serveCoins } from './serves/coins.ts'
import { serveCoverage } from './serves/coverage.ts'
import { serveHistory } from './serves/history.ts'
import { serveLive } from './serves/live.ts'
import { serveSignals } from './serves/signals.ts'

/** The read side: the whole market in memory, kept current from the bus, and the routes that answer from it. */
export interface QueryApi extends HttpService {
  /** Takes in at once what came from the bus, instead of within 100 ms. */
  flush(): void
}

export function buildQueryApi(ports: Omit<Ports, 'cache'>, { simulated }: { simulated: boolean }): QueryApi {
  const { bus, store, clock, log, metrics } = ports
  const market = createMarket()
  const interest = createInterest({ bus, clock, log })
  const hub = createHub({ market, clock, simulated, meter: meterStreams(metrics, () => hub) })
  const intake = createIntake(market, ports, hub.changed)
  const staging = createStaging(clock, intake.take)
  let isHydrated = false
  const subscriptions: Subscription[] = []
  const consumers = [
    () => consumeQuotes(bus, staging),
    () => consumeSignals(bus, staging),
    () => consumeAlerts(bus, hub.alert),
  ]
  return {
    name: 'query-api',
    routes: async (app) => {
      const serving = { market, clock, simulated, asked: interest.asked }
      serveSignals(app, serving)
      serveCoins(app, serving)
      serveBars(app, serving, store.bars)
      serveHistory(app, serving, store.scores)
      serveCoverage(app, serving, () => store.sources.statuses())
      await serveLive(app, { ...serving, hub })
      app.addHook('onRequest', (_request, _reply, done) => done(isHydrated ? undefined : httpError('HTTP_UNAVAILABLE')))
    },
    async start() {
      // First the bus, then the store: what is published while the store is read then counts too, whichever comes later.
      for (const consume of consumers.slice(subscriptions.length)) subscriptions.push(await consume())
      for (const trigger of await lastTriggered(store)) hub.alert(trigger)
      intake.loaded(await hydrate(market, store))
      isHydrated = true
    },
    async stop() {
      interest.stop()
      await Promise.all(subscriptions.map((subscription) => subscription.stop()))
      staging.close()
    },
    readiness: async () => readinessOf(market, isHydrated, clock.now()),
    flush: () => staging.flush(),
  }
}

/** Takes rows into the market, counts them, and says when it has changed. */
function createIntake(market: Market, { log, metrics }: Pick<Ports, 'log' | 'metrics'>, changed: () => void) {
  const meter = meterMarket(market, metrics)
  const loaded = (refused: number) => {
    if (refused > 0) {
      meter.refused.inc(refused)
      log.warn({ count: refused }, 'rows refused: horizons out of order or instants that do not exist')
    }
    if (!market.refresh()) return
    meter.versions.inc()
    changed()
  }
  return {
    /** What was loaded counts from now on. */
    loaded,
    take: (rows: Parameters<Market['load']>[0]) => {
      const stop = meter.refresh.startTimer()
      loaded(market.load(rows))
      stop()
    },
  }
}

function readinessOf({ coins, signals, version }: Market, isHydrated: boolean, nowMs: number): Readiness {
  const reasons: string[] = []
  if (!isHydrated) reasons.push('the market is still being read from the store')
  else if (coins.size === 0) reasons.push('no coin was observed yet')
  else if (signals.size === 0) reasons.push('no coin was scored yet')
  return {
    ready: isHydrated,
    reasons,
    counts: {
      coins: coins.size,
      signals: signals.size * TIMEFRAMES.length,
      fresh: coins.pricedSince(nowMs - FRESHNESS_LIMITS_MS.delayed),
    },
    version,
  }
}
