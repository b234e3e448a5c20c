import type { Alert } from '@crypto-signals/contracts'
import { alertOf } from '@crypto-signals/testing'
import { evaluate } from '../src/rules/evaluate.ts'
import { newRecord } from '../src/rules/new-record.ts'
import { at } from './market.ts'

/** A walk of Bitcoin, a minute each, that crosses 100 dollars four times upwards. */
export const TAPE = [99, 100, 101, 99, 101, 102, 90, 90, 110, 99, 100, 99].map((price, index) =>
  at(index + 1, price, price - 20),
)

export const RULES = [
  { alertType: 'price_above', settings: { threshold: 100 } },
  { alertType: 'price_below', settings: { threshold: 100 } },
  { alertType: 'score_above', settings: { threshold: 80 } },
  { alertType: 'action_changed', settings: {} },
  { alertType: 'strong_signal', settings: {} },
].map((rule, index) => ({ ...rule, alertId: `0196a000-0000-7000-8000-00000000010${index}` }) as Alert)

export const byId = <T extends { triggerId: string }>(rows: T[]) =>
  rows.toSorted((a, b) => (a.triggerId < b.triggerId ? -1 : 1))

/** What the pure rules make of the tape. */
export const EXPECTED = byId(
  RULES.flatMap(({ alertId, alertType, settings }) => {
    let record = newRecord(alertId, { coinId: 'bitcoin', alertType, settings }, alertOf().createdAt, null)
    return TAPE.flatMap((coin) => {
      const result = evaluate(record, coin)
      record = result?.record ?? record
      return result?.trigger ?? []
    })
  }),
)
