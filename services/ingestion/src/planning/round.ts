import { type Clock, instantOf } from '@crypto-signals/clock'
import type { SweepProgress } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { Observation } from '../observation.ts'
import type { Answer, PollFeed, SourceCall } from '../source.ts'
import { SourceError } from '../source-error.ts'
import type { Caller } from './caller.ts'

export interface RoundOptions {
  feed: PollFeed
  /** Its keys are our coin ids: what came of those that were asked for can be told. */
  byId: boolean
  caller: Caller
  progress: ProgressStore
  /** Hands an answer on, with the start of the round and the call's label. */
  take: (startedAt: string, label: string, answer: Answer<Observation>, signal: AbortSignal) => Promise<void>
  /** When the coins that are gone through were listed. */
  listedAt: () => string
  clock: Clock
  log: Logger
  /** Told at the start, after each call and at the end. */
  progressed: (progress: SweepProgress) => void
  callFailed: () => void
}

/** What is remembered of the rounds of a feed. */
export interface ProgressStore {
  last: () => Promise<SweepProgress | null>
  save: (progress: SweepProgress) => Promise<void>
}

/** Makes a feed's calls, and those that failed once more; goes on where an unfinished round younger than `freshMs` broke off. */
export type Round = (calls: readonly SourceCall[], freshMs: number, signal: AbortSignal) => Promise<void>

export function createRound(options: RoundOptions): Round {
  const { feed, clock, log, progressed, callFailed } = options
  const make = createCallMaker(options)

  const save = async (progress: SweepProgress) => {
    await options.progress.save(progress)
    progressed(progress)
    return progress
  }
  const begin = async (chunksTotal: number, freshMs: number): Promise<SweepProgress> => {
    const listedAt = options.listedAt()
    const last = feed.resumable ? await options.progress.last() : null
    if (last !== null && goesOn(last, listedAt, chunksTotal) && clock.now() - Date.parse(last.startedAt) < freshMs)
      return last
    return { ...NOTHING_DONE, startedAt: instantOf(clock.now()), listedAt, chunksTotal }
  }

  return async (calls, freshMs, signal) => {
    let progress = await save(await begin(calls.length, freshMs))
    const failed: number[] = []
    let answered = progress.chunksDone
    let lost: SourceError | null = null
    const step = async (index: number, chunksDone: number) => {
      const made = await make(calls[index] as SourceCall, { index, startedAt: progress.startedAt }, signal)
      if ('error' in made) {
        lost = made.error
        if (chunksDone > progress.chunksDone) failed.push(index)
        else callFailed()
      } else answered++
      progress = await save(advanced(progress, chunksDone, 'error' in made ? NO_ROWS : made))
    }

    for (let index = progress.chunksDone; index < calls.length; index++) await step(index, index + 1)
    if (failed.length > 0) log.warn({ chunks: failed.length, feed: feed.name }, 'trying the failed chunks once more')
    for (const index of failed) await step(index, calls.length)
    await save({ ...progress, finishedAt: instantOf(clock.now()) })
    // A long round is not gone through again because of it, a short one is soon.
    if (lost !== null && answered === 0 && !feed.resumable) throw lost as SourceError
  }
}

const NOTHING_DONE = { chunksDone: 0, rowsGood: 0, rowsBad: 0, finishedAt: null }
const NO_ROWS: Rows = { good: 0, bad: 0 }

const goesOn = (last: SweepProgress, listedAt: string, chunksTotal: number) =>
  last.finishedAt === null && last.listedAt === listedAt && last.chunksTotal === chunksTotal

const advanced = (progress: SweepProgress, chunksDone: number, { good, bad }: Rows): SweepProgress => ({
  ...progress,
  chunksDone,
  rowsGood: progress.rowsGood + good,
  rowsBad: progress.rowsBad + bad,
})

interface Rows {
  good: number
  bad: number
}

// A source that says of every answer that more must be asked would never be done with.
const MAX_RESTS = 1_000

/** Makes one call of a round with all that follows from its answer, and counts the rows; an error if the source did not answer. */
function createCallMaker({ feed, byId, caller, take, log }: RoundOptions) {
  const urgency = feed.urgent ? 'urgent' : 'patient'

  const answered = async (call: SourceCall, signal: AbortSignal) => {
    try {
      return await caller.call(urgency, call, signal)
    } catch (error) {
      const halves = error instanceof SourceError && error.kind === 'too-long' ? (call.split?.() ?? []) : []
      if (halves.length === 0) throw error
      return halves
    }
  }
  const rowsOfAll = async (first: SourceCall, startedAt: string, signal: AbortSignal): Promise<Rows> => {
    let rows = NO_ROWS
    let call: SourceCall | null = first
    for (let rests = 0; call !== null && rests <= MAX_RESTS; rests++) {
      const answer: Answer<Observation> | readonly SourceCall[] = await answered(call, signal)
      if (!('rows' in answer)) {
        for (const half of answer) rows = sum(rows, await rowsOfAll(half, startedAt, signal))
        return rows
      }
      await take(startedAt, call.label, answer, signal)
      rows = sum(rows, byId ? rowsOf(call, answer) : countsOf(answer))
      call = call.rest?.(answer) ?? null
    }
    return rows
  }

  return async (
    call: SourceCall,
    { index, startedAt }: { index: number; startedAt: string },
    signal: AbortSignal,
  ): Promise<Rows | { error: SourceError }> => {
    try {
      return await rowsOfAll(call, startedAt, signal)
    } catch (err) {
      if (!(err instanceof SourceError)) throw err
      const { name } = feed
      log.warn({ err, feed: name, chunk: index, path: err.path }, `${name}: chunk ${index + 1} failed: ${err.message}`)
      return { error: err }
    }
  }
}

const sum = (one: Rows, other: Rows): Rows => ({ good: one.good + other.good, bad: one.bad + other.bad })

const countsOf = ({ rows, faults }: Answer<Observation>): Rows => ({ good: rows.length, bad: faults.length })

/** Of coins that were asked for, how many came: each counts once, whatever else answers hold and repeat. */
function rowsOf({ target }: SourceCall, answer: Answer<Observation>): Rows {
  if (!('coinIds' in target)) return countsOf(answer)
  const asked = new Set(target.coinIds)
  const came = new Set<string>()
  for (const { key } of answer.rows) if (asked.has(key)) came.add(key)
  return { good: came.size, bad: answer.faults.length }
}
