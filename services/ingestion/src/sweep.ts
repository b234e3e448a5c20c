import { type Clock, instantOf } from '@crypto-signals/clock'
import type { Quote } from '@crypto-signals/contracts'
import type { SourceStore, SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Caller } from './caller.ts'
import { chunksOf } from './chunks.ts'
import type { Intake } from './intake.ts'
import { type Answer, MAX_ROWS, type MarketSource } from './market-source.ts'
import { SourceError } from './source-error.ts'
import type { Universe } from './universe.ts'

export interface SweepOptions {
  source: MarketSource
  caller: Caller
  store: SourceStore
  intake: Intake
  clock: Clock
  log: Logger
  /** Told at the start, after each chunk and at the end. */
  progressed: (progress: SweepProgress) => void
  chunkFailed: () => void
}

/** Goes once through the whole universe, chunk by chunk; goes on where an unfinished sweep younger than `freshMs` broke off. */
export type Sweep = (universe: Universe, freshMs: number, signal: AbortSignal) => Promise<void>

export function createSweep(options: SweepOptions): Sweep {
  const { source, store, clock, log, progressed, chunkFailed } = options
  const sweepChunk = createChunkSweep(options)

  const save = async (progress: SweepProgress) => {
    await store.saveSweep(source.name, progress)
    progressed(progress)
    return progress
  }

  const begin = async (universe: Universe, chunksTotal: number, freshMs: number) => {
    const last = await store.sweep(source.name)
    if (last !== null && goesOn(last, universe, chunksTotal) && clock.now() - Date.parse(last.startedAt) < freshMs)
      return last
    const { listedAt } = universe
    return { ...NOTHING_DONE, startedAt: instantOf(clock.now()), listedAt, chunksTotal }
  }

  return async (universe, freshMs, signal) => {
    const chunks = chunksOf(universe.coins.map(({ id }) => id))
    let progress = await save(await begin(universe, chunks.length, freshMs))
    const failed: number[] = []
    const step = async (index: number, chunksDone: number) => {
      const counts = await sweepChunk({ ids: chunks[index] ?? [], index, startedAt: progress.startedAt }, signal)
      if (counts === null && chunksDone > progress.chunksDone) failed.push(index)
      else if (counts === null) chunkFailed()
      progress = await save(advanced(progress, chunksDone, counts ?? NO_ROWS))
    }

    for (let index = progress.chunksDone; index < chunks.length; index++) await step(index, index + 1)
    if (failed.length > 0) log.warn({ chunks: failed.length }, 'trying the failed chunks once more')
    for (const index of failed) await step(index, chunks.length)
    await save({ ...progress, finishedAt: instantOf(clock.now()) })
  }
}

const NOTHING_DONE = { chunksDone: 0, rowsGood: 0, rowsBad: 0, finishedAt: null }
const NO_ROWS = { good: 0, bad: 0 }

const goesOn = (last: SweepProgress, universe: Universe, chunksTotal: number) =>
  last.finishedAt === null && last.listedAt === universe.listedAt && last.chunksTotal === chunksTotal

const advanced = (progress: SweepProgress, chunksDone: number, rows: { good: number; bad: number }): SweepProgress => ({
  ...progress,
  chunksDone,
  rowsGood: progress.rowsGood + rows.good,
  rowsBad: progress.rowsBad + rows.bad,
})

interface Chunk {
  ids: readonly string[]
  index: number
  startedAt: string
}

/** Fetches and takes in one chunk, and counts its rows; null if the source did not answer. */
function createChunkSweep({ source, caller, intake, log }: SweepOptions) {
  const asked = async (ids: readonly string[], signal: AbortSignal): Promise<Answer<Quote>> => {
    try {
      return await caller.call('patient', (call) => source.marketsByIds(ids, call), signal)
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind !== 'too-long' || ids.length < 2) throw error
      const half = Math.ceil(ids.length / 2)
      return joined(await asked(ids.slice(0, half), signal), await asked(ids.slice(half), signal))
    }
  }

  const fetched = async (ids: readonly string[], signal: AbortSignal): Promise<Answer<Quote>> => {
    const answer = await asked(ids, signal)
    const missing = crowdedOut(ids, answer)
    // Unless half of them came, asking on would cost more calls than it is worth.
    const worthIt = missing.length > 0 && missing.length * 2 <= ids.length
    return worthIt ? joined(answer, await fetched(missing, signal)) : answer
  }

  return async ({ ids, index, startedAt }: Chunk, signal: AbortSignal) => {
    try {
      const answer = await fetched(ids, signal)
      await intake.take(`sweep:${startedAt}:${index}`, answer, signal)
      return { good: cameOf(ids, answer), bad: answer.faults.length }
    } catch (err) {
      if (!(err instanceof SourceError)) throw err
      log.warn({ err, chunk: index, path: err.path }, `chunk ${index + 1} failed: ${err.message}`)
      return null
    }
  }
}

/** How many of the coins that were asked for came: each counts once in a sweep, whatever else answers hold and repeat. */
function cameOf(ids: readonly string[], { rows }: Answer<Quote>): number {
  const came = new Set(rows.map(({ coinId }) => coinId))
  return ids.filter((id) => came.has(id)).length
}

/** The ids that found no room in an answer because it is full and repeats others. A coin that is gone leaves room. */
function crowdedOut(ids: readonly string[], { rows, faults, repeated }: Answer<Quote>): string[] {
  if (rows.length + faults.length + repeated < MAX_ROWS) return []
  const seen = new Set([...rows.map(({ coinId }) => coinId), ...faults.map(({ id }) => id)])
  return ids.filter((id) => !seen.has(id))
}

const joined = (first: Answer<Quote>, second: Answer<Quote>): Answer<Quote> => ({
  receivedAt: second.receivedAt,
  rows: [...first.rows, ...second.rows],
  faults: [...first.faults, ...second.faults],
  repeated: first.repeated + second.repeated,
})
