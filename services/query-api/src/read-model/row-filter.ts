import { ACTIONS, type Action, changeSpanOf, TIMEFRAMES, type Timeframe } from '@crypto-signals/contracts'
import type { Market } from './market.ts'
import { limitOf, PRIMARY, SPANS } from './row-facts.ts'

/** Which coins somebody wants rows of; without anything, all. */
export interface Wanted {
  coins?: readonly string[] | undefined
  /** The horizon that actions and changes mean. */
  timeframe?: Timeframe | undefined
  actions?: readonly Action[] | undefined
  /** Percent, up or down. */
  minChange?: number | undefined
}

export interface RowFilter {
  /** The same for filters that want the same. */
  readonly key: string
  wantsCoin(coinId: string): boolean
  /** The slots of the coins it names, as far as they are known; null if it names none. */
  named(): readonly number[] | null
  /** Whether the row of a slot is wanted as it is now. */
  fits(slot: number): boolean
  /** False if the row of a slot, which is not wanted now, was not wanted at a mark either. */
  mayHaveFit(slot: number, mark: number): boolean
}

export function createRowFilter({ rows, slots }: Pick<Market, 'rows' | 'slots'>, wanted: Wanted): RowFilter {
  const coins = wanted.coins && new Set(wanted.coins)
  const tests = [actionTest(rows.facts, wanted), changeTest(rows.facts, wanted)].filter((test) => test !== null)
  const named = coins === undefined ? () => null : finder(coins, slots)
  const wantsCoin = (coinId: string) => coins === undefined || coins.has(coinId)
  return {
    key: keyOf(wanted),
    wantsCoin,
    named,
    fits: (slot) => wantsCoin(slots.ids[slot] as string) && tests.every((test) => test.fits(slot)),
    mayHaveFit: (slot, mark) =>
      wantsCoin(slots.ids[slot] as string) && tests.every((test) => test.fits(slot) || test.mayHaveFit(slot, mark)),
  }
}

function keyOf({ coins, timeframe, actions, minChange }: Wanted): string {
  const horizon = actions === undefined && minChange === undefined ? undefined : timeframe
  return JSON.stringify([coins?.toSorted(), horizon, actions?.toSorted(), minChange])
}

/** The key of the filter that leaves nothing out. */
export const EVERYTHING = keyOf({})

type Test = Pick<RowFilter, 'fits' | 'mayHaveFit'>
type Facts = Market['rows']['facts']

function actionTest(facts: Facts, { actions, timeframe }: Wanted): Test | null {
  if (actions === undefined) return null
  const action = facts.action(timeframe === undefined ? PRIMARY : TIMEFRAMES.indexOf(timeframe))
  const codes = new Set(actions.map((one) => 1 + ACTIONS.indexOf(one)))
  return { fits: (slot) => codes.has(action.of(slot)), mayHaveFit: (slot, mark) => action.since(slot) > mark }
}

function changeTest(facts: Facts, { minChange, timeframe }: Wanted): Test | null {
  if (minChange === undefined) return null
  const change = facts.change(SPANS.indexOf(changeSpanOf(timeframe)))
  return {
    fits: (slot) => Math.abs(change.percent(slot)) >= minChange,
    mayHaveFit: (slot, mark) => change.since(slot) > mark || limitOf(change.of(slot)) > minChange,
  }
}

/** The slots of coins; each is looked for until it is found, and only when there are new ones. */
function finder(coins: ReadonlySet<string>, slots: Market['slots']): () => readonly number[] {
  let [found, among]: [number[], number] = [[], 0]
  return () => {
    if (found.length < coins.size && among < slots.ids.length) {
      found = [...coins].flatMap((coinId) => slots.find(coinId) ?? [])
      among = slots.ids.length
    }
    return found
  }
}
