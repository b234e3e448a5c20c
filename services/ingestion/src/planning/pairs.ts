import { type Clock, instantOf } from '@crypto-signals/clock'
import type { SourceStore, SweepProgress } from '@crypto-signals/store'
import type { ExchangePair, MarketSource, SourceFacts } from '../source.ts'
import type { Account } from './account.ts'
import type { Caller } from './caller.ts'
import { monthOf } from './month.ts'

/** Asks the base source what the pairs of each watched exchange are of, week by week. */
export interface PairsKeeper {
  /** Asks what is due. */
  run: (signal: AbortSignal) => Promise<void>
}

export interface PairsOptions {
  source: Pick<MarketSource, 'facts' | 'exchangePairs'>
  exchanges: readonly Exchange[]
  caller: Caller
  store: SourceStore
  clock: Clock
  /** Credits a month that the plan leaves for this; null if there is no such limit. */
  creditsPerMonth: () => number | null
  account: Account
  /** Keeps what was learnt of an exchange, by its name: a page that is done is not asked for again for a week. */
  learnt: (exchange: string, pairs: readonly ExchangePair[]) => Promise<void>
}

/** An exchange that the base source knows. */
export type Exchange = Required<Pick<SourceFacts, 'name' | 'listedAs'>>

const WEEK_MS = 7 * 86_400_000
/** A page that has fewer is the last. */
const PAIRS_A_PAGE = 100
/** The largest exchanges have some 30 pages. */
const MAX_PAGES = 100
/** Of an exchange whose pages were never counted. */
const USUAL_PAGES = 15

export function createPairsKeeper(options: PairsOptions): PairsKeeper {
  const { source, exchanges, store, clock } = options
  const keyOf = (exchange: string) => `${source.facts.name}/pairs:${exchange}`
  const askPages = createPagesCall(options)

  const intervalMs = (known: readonly (SweepProgress | null)[]) => {
    const credits = options.creditsPerMonth()
    if (credits === null) return WEEK_MS
    const pages = known.reduce((sum, last) => sum + (last?.finishedAt == null ? USUAL_PAGES : last.chunksTotal), 0)
    const { startMs, endMs } = monthOf(clock.now())
    return Math.max(WEEK_MS, ((endMs - startMs) * pages) / Math.max(credits, 1))
  }
  return {
    async run(signal) {
      const known = await Promise.all(exchanges.map(({ name }) => store.sweep(keyOf(name))))
      const freshMs = intervalMs(known)
      for (const [index, exchange] of exchanges.entries()) {
        const last = known[index] ?? null
        const isDue = last?.finishedAt == null || clock.now() - Date.parse(last.startedAt) >= freshMs
        if (isDue) await askPages(exchange, keyOf(exchange.name), last?.finishedAt === null ? last : null, signal)
      }
    },
  }
}

/** Asks the pages of one exchange, from where `unfinished` broke off. */
function createPagesCall({ source, caller, store, clock, account, learnt }: PairsOptions) {
  return async ({ name, listedAs }: Exchange, key: string, unfinished: SweepProgress | null, signal: AbortSignal) => {
    const startedAt = instantOf(clock.now())
    let progress = unfinished ?? { ...NOTHING_DONE, startedAt, listedAt: startedAt }
    for (let isLast = false; !isLast; ) {
      const page = progress.chunksDone + 1
      const ask = (call: AbortSignal) => exchangePairs(source, listedAs, page, call)
      const answer = await caller.call('patient', { credits: 1, ask }, signal)
      account(answer)
      await learnt(name, answer.rows)
      const count = answer.rows.length + answer.faults.length + answer.repeated
      isLast = count < PAIRS_A_PAGE || page >= MAX_PAGES
      progress = {
        ...progress,
        chunksDone: page,
        chunksTotal: page,
        rowsGood: progress.rowsGood + answer.rows.length,
        rowsBad: progress.rowsBad + answer.faults.length,
        finishedAt: isLast ? instantOf(clock.now()) : null,
      }
      await store.saveSweep(key, progress)
    }
  }
}

const NOTHING_DONE = { chunksDone: 0, chunksTotal: 0, rowsGood: 0, rowsBad: 0, finishedAt: null }

async function exchangePairs(source: PairsOptions['source'], exchange: string, page: number, signal: AbortSignal) {
  if (source.exchangePairs === undefined) throw new Error(`${source.facts.name} knows no pairs`)
  return await source.exchangePairs(exchange, page, signal)
}
