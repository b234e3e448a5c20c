import type { Clock } from '@crypto-signals/clock'
import { createLimiter, type Limiter, type Plan } from '@crypto-signals/simulator'
import { SOURCES } from '../src/calls/catalog.ts'
import { createRests } from '../src/calls/rests.ts'
import type { Demand } from '../src/demand.ts'
import type { Answer, CallTarget, Feed, MarketSource, PollFeed, SourceCall, StreamFeed } from '../src/source.ts'
import { SourceError } from '../src/source-error.ts'
import type { Ages } from './ages.ts'
import { LATENCY_MS, OUTAGE_WAIT_MS, TRADE_STREAM } from './assumptions.ts'
import { createDelivery } from './delivery.ts'
import type { ModelWorld } from './model-world.ts'
import { planOf } from './plans.ts'

export interface ModelOptions {
  clock: Clock
  world: ModelWorld
  ages: Ages
  random: () => number
  /** Whether the source of this name answers now. */
  isUp: (source: string, now: number) => boolean
}

/** A real source whose calls are answered by the model: all its feeds and their calls stay as they are, but what they ask. */
export interface ModelledSource {
  source: MarketSource
  plan: Plan
  /** Keeps the plan's limits as the real source would, counted where a call arrives. */
  limiter: Limiter
}

export const modelled = (real: MarketSource, options: ModelOptions): ModelledSource => {
  const plan = planOf(real.facts.name, real.limits)
  const limiter = createLimiter(plan)
  const visit = createVisit({ name: real.facts.name, plan, limiter, options })
  const feedOf = createFeeds({ real, plan, visit, options })
  return { plan, limiter, source: { ...real, feeds: real.feeds.map(feedOf), ...baseOf(real, visit, options) } }
}

/** Goes to a source and comes back; rejects where it is down or refuses. */
type Visit = (credits: number, signal: AbortSignal) => Promise<void>

interface Visited {
  name: string
  plan: Plan
  limiter: Limiter
  options: ModelOptions
}

const createVisit = ({ name, plan, limiter, options }: Visited): Visit => {
  const { clock, random, isUp } = options
  // Every request is taken for the heaviest that the source knows.
  const weight = Math.max(1, ...Object.values(plan.weights))
  return async (credits, signal) => {
    const latencyMs = LATENCY_MS.least + random() * (LATENCY_MS.most - LATENCY_MS.least)
    await clock.sleep(latencyMs / 2, signal)
    const now = clock.now()
    const refused = limiter.admit(now, weight, credits)
    if (refused !== null) {
      const retryAt = now + refused.retryAfterMs
      throw new SourceError({ kind: 'throttled', message: refused.limit, retryAt }, `/${name}`)
    }
    if (!isUp(name, now)) {
      await clock.sleep(OUTAGE_WAIT_MS, signal)
      throw new SourceError({ kind: 'failed', message: 'no answer within 10 s' }, `/${name}`)
    }
    await clock.sleep(latencyMs / 2, signal)
  }
}

// Nobody reads rows here: 777 million of them come from exchanges in a month.
const nothing = (receivedAt: number): Answer<never> => ({ receivedAt, rows: [], faults: [], repeated: 0 })

interface Feeding {
  real: MarketSource
  plan: Plan
  visit: Visit
  options: ModelOptions
}

const createFeeds = ({ real, plan, visit, options }: Feeding): ((feed: Feed) => Feed) => {
  const { clock } = options
  const { name } = real.facts
  const deliver = createDelivery(name, options)
  const rests = createStalestRests(name, options)

  const modelledCall = (call: SourceCall, isStalest: boolean): SourceCall => {
    return {
      ...call,
      // What it would ask for besides is read from rows.
      rest: () => null,
      async ask(signal) {
        await visit(creditsOf(plan, call.target), signal)
        deliver(call.target)
        if (isStalest) rests.asked(call.target)
        return nothing(clock.now())
      },
    }
  }
  const poll = (feed: PollFeed): PollFeed => {
    const isStalest = feed.name === 'stalest'
    const callsOf = (calls: readonly SourceCall[]) => calls.map((call) => modelledCall(call, isStalest))
    const demandOf = (demand: Demand) => (isStalest ? rests.awake(demand) : demand)
    return {
      ...feed,
      round: (demand) => callsOf(feed.round(demandOf(demand))),
      ...(feed.more && { more: (demand) => callsOf(feed.more?.(demandOf(demand)) ?? []) }),
    }
  }
  return (feed) => {
    if (feed.kind === 'poll') return poll(feed)
    if (feed.kind === 'stream') return streamOf(name, feed, options)
    return {
      ...feed,
      async ask(signal) {
        await visit(1, signal)
        return INDEX
      },
    }
  }
}

/** Coins that were asked about in vain are let alone, as the real source knows from the answers that are not given here. */
const createStalestRests = (name: string, { clock, world }: ModelOptions) => {
  const known = world.knownTo(name)
  const rests = createRests(clock, 0)
  return {
    asked(target: CallTarget): void {
      if (!('coinIds' in target)) return
      for (const coinId of target.coinIds) rests.asked(coinId, known[world.indexOf(coinId)] === 1, clock.now())
    },
    awake: (demand: Demand): Demand => ({
      ...demand,
      ids: () => rests.awake(demand.ids()),
      tokens: () => rests.awake(demand.tokens()),
    }),
  }
}

const creditsOf = ({ rowsPerCredit }: Plan, target: CallTarget) =>
  rowsPerCredit === null || !('size' in target) ? 1 : Math.ceil(target.size / rowsPerCredit)

const STREAM_LOOK_MS = 5_000

const streamOf = (name: string, feed: StreamFeed, { clock, ages, isUp }: ModelOptions): StreamFeed => ({
  ...feed,
  async run(_hand, told, signal) {
    for (;;) {
      const up = isUp(name, clock.now())
      if (name === TRADE_STREAM) ages.streaming(up)
      told(up ? { connected: true } : { connected: false, reason: 'no answer' })
      await clock.sleep(STREAM_LOOK_MS, signal)
    }
  },
})

const INDEX = {
  index: 'fear-greed',
  value: 50,
  label: 'Neutral',
  source: 'alternative-me',
  observedAt: '2026-01-01T00:00:00.000Z',
} as const

/** What the base source tells of besides prices. */
const baseOf = (real: MarketSource, visit: Visit, { clock, world }: ModelOptions): Partial<MarketSource> => ({
  ...(real.listCoins && {
    async listCoins(signal) {
      await visit(1, signal)
      return { ...nothing(clock.now()), rows: [...world.coins] }
    },
  }),
  ...(real.exchangePairs && {
    async exchangePairs(exchange, page, signal) {
      await visit(1, signal)
      return { ...nothing(clock.now()), rows: pairsOf(world, nameOf(exchange), page) }
    },
  }),
})

/** The source that the base source lists as this exchange. */
const nameOf = (listedAs: string) => SOURCES.find(({ facts }) => facts.listedAs === listedAs)?.facts.name ?? listedAs

const PAIRS_A_PAGE = 100

const pairsOf = (world: ModelWorld, exchange: string, page: number) => {
  const known = world.knownTo(exchange)
  return world.coins
    .filter((_, index) => known[index] === 1)
    .slice((page - 1) * PAIRS_A_PAGE, page * PAIRS_A_PAGE)
    .map(({ id, symbol }) => ({ base: symbol.toUpperCase(), target: 'USDT', coinId: id, targetCoinId: 'tether' }))
}
