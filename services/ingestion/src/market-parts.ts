import type { Clock } from '@crypto-signals/clock'
import type { Ports } from '@crypto-signals/service'
import { type BarBook, createBarBook } from './bars/bar-book.ts'
import { createFiller, type Filler } from './bars/filler.ts'
import { createHand } from './hand.ts'
import { createIdentity, type Identity } from './identity/identity.ts'
import { type Book, createBook } from './merging/book.ts'
import { createOutflow, type PublishQuotes } from './outflow.ts'
import { createDemandBook } from './planning/demand-book.ts'
import type { IngestionMetrics } from './planning/metrics.ts'
import { createPlanner } from './planning/planner.ts'
import type { Job } from './planning/scheduler.ts'
import type { Watch } from './planning/watch.ts'
import type { MarketSource } from './source.ts'

export interface MarketPartsOptions {
  sources: readonly MarketSource[]
  ports: Ports
  /** In place of the plan's intervals, of feeds of the base source, ms. */
  intervals: Readonly<Record<string, number | undefined>>
  publish: PublishQuotes
  metrics: IngestionMetrics
  /** At least 0, less than 1. */
  random: () => number
}

/** Makes what a market watch works with, and joins it: answers go through identity and book to the outflow, and what is known comes back as demand. */
export function createMarketParts({ ports, publish, ...options }: MarketPartsOptions) {
  const { clock, log, store } = ports
  const bars = createBarBook({ bars: store.bars, clock, log })
  const book = createBook({ quotes: store.quotes, bars, log })
  const priceOf: Book['priceOf'] = (coinId) => book.priceOf(coinId)
  const identity = createIdentity({ mappings: store.mappings, clock, log, priceOf })
  const demand = createDemandBook({
    clock,
    priceOf,
    priceAt: (coinId, atMs) => bars.priceAt(coinId, atMs)?.priceUsd ?? null,
    contractsOf: (coinId) => identity.contractsOf(coinId),
  })
  const alerted = createAlerted(ports, demand.hold)
  const outflow = createOutflow({ quotes: store.quotes, publish, book, clock, log, isAlerted: alerted.has })
  const hand = createHand({ identity, book, bars, outflow, store: store.sources })
  const known = (source: string) => ({
    coins: identity.coinsOf(source).size,
    heldBack: book.heldBack().get(source) ?? 0,
  })
  const planner = createPlanner({ ...options, demand, store, clock, log, hand, known })
  const wanted = () => [...alerted.all(), ...hand.cameIn]
  const filler = createFiller({ book: bars, identity, priceOf, coins: wanted, clock, log })
  const jobs = (): Job[] => [
    alerted.job,
    flushJob('bars', bars, clock),
    flushJob('mappings', identity, clock),
    ...fillJobs(planner.watches, filler, clock),
  ]
  return { bars, book, identity, demand, outflow, hand, planner, jobs }
}

const MINUTE_MS = 60_000
// No source has a call to spare more often.
const FILL_EVERY_MS = 5_000
const ALERTED_EVERY_MS = 30_000
const MAX_ALERTED = 10_000

const flushJob = (name: string, keeper: Pick<BarBook | Identity, 'flush'>, clock: Clock): Job => ({
  name: `keeping ${name}`,
  firstAt: clock.now() + MINUTE_MS,
  intervalMs: () => MINUTE_MS,
  run: () => keeper.flush(),
})

/** Asks for the past of coins where a source has calls to spare. */
const fillJobs = (watches: readonly Watch[], filler: Filler, clock: Clock): Job[] =>
  watches
    .filter(({ source }) => source.history !== undefined)
    .map(({ source, spare }) => ({
      name: `filling bars from ${source.facts.name}`,
      firstAt: clock.now() + MINUTE_MS,
      intervalMs: () => FILL_EVERY_MS,
      async run(signal) {
        await spare(() => {
          const call = filler.next(source)
          return call && { credits: 1, ask: (stop) => call.ask(stop) }
        }, signal)
      },
    }))

/** The coins that rules watch, read again and again. */
function createAlerted({ store, clock }: Pick<Ports, 'store' | 'clock'>, learnt: (coinIds: readonly string[]) => void) {
  let coins: ReadonlySet<string> = new Set()
  const job: Job = {
    name: 'reading what alerts watch',
    firstAt: clock.now(),
    intervalMs: () => ALERTED_EVERY_MS,
    async run() {
      coins = new Set(await store.alerts.coins(MAX_ALERTED))
      learnt([...coins])
    },
  }
  return { job, has: (coinId: string) => coins.has(coinId), all: () => coins }
}
