import { ACTIONS, type Action, type Changes, changeSpanOf, TIMEFRAMES } from '@crypto-signals/contracts'
import { type Column, createColumn } from './column.ts'

/** What rows are filtered by, and since which mark it holds: so it can be told of most changes that they brought no coin into a filter nor out of it. */
export interface RowFacts {
  setChanges(slot: number, changes: Changes, mark: number): void
  /** On each horizon in the order of TIMEFRAMES, and last of the primary one. */
  setActions(slot: number, actions: readonly Action[], mark: number): void
  /** 0 where the coin was not scored, otherwise 1 + its place in ACTIONS. */
  action(horizon: number): Fact
  change(span: number): ChangeFact
}

interface Fact {
  of(slot: number): number
  /** The mark of the change that made it what it is. */
  since(slot: number): number
}

interface ChangeFact extends Fact {
  /** Percent; NaN where it is not known. */
  percent(slot: number): number
}

/** The place of the primary horizon among the horizons of facts. */
export const PRIMARY = TIMEFRAMES.length

/** The spans of facts. */
export const SPANS = TIMEFRAMES.map((timeframe) => changeSpanOf(timeframe))

export function createRowFacts(): RowFacts {
  const actions = Array.from({ length: PRIMARY + 1 }, createFact)
  const levels = SPANS.map(createFact)
  const percents = SPANS.map(() => createColumn(Float64Array))
  return {
    setChanges(slot, changes, mark) {
      for (const [i, span] of SPANS.entries()) {
        const percent = changes[span] ?? Number.NaN
        percents[i]?.set(slot, percent)
        levels[i]?.set(slot, levelOf(Math.abs(percent)), mark)
      }
    },
    setActions(slot, said, mark) {
      for (const [i, action] of said.entries()) actions[i]?.set(slot, 1 + ACTIONS.indexOf(action), mark)
    },
    action: (horizon) => actions[horizon] as Fact,
    change(span) {
      const [level, percent] = [levels[span] as Fact, percents[span] as Column<Float64Array>]
      return { ...level, percent: (slot) => percent.values[slot] ?? Number.NaN }
    },
  }
}

function createFact(): Fact & { set(slot: number, code: number, mark: number): void } {
  const [codes, marks] = [createColumn(Uint8Array), createColumn(Float64Array)]
  return {
    of: (slot) => codes.values[slot] ?? 0,
    since: (slot) => marks.values[slot] ?? 0,
    set(slot, code, mark) {
      if (codes.values[slot] === code) return
      codes.set(slot, code)
      marks.set(slot, mark)
    },
  }
}

// Those that people ask for are among them.
const LEVELS = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 200, 500, 1_000]

/** How many levels a change reaches; none where it is not known. */
function levelOf(percent: number): number {
  let level = 0
  while (level < LEVELS.length && percent >= (LEVELS[level] as number)) level++
  return level
}

/** What a change that reaches so many levels stays below. */
export const limitOf = (level: number): number => LEVELS[level] ?? Number.POSITIVE_INFINITY
