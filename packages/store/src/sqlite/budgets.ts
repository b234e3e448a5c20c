import type { DatabaseSync } from 'node:sqlite'
import { CALL_WINDOW_MS, LONGEST_BLOCK_MS } from '../budget-times.ts'
import type { BudgetStore, CallLimits } from '../store.ts'
import { transaction } from './transaction.ts'

/** Each call that still counts as a row, months as counters of credits. */
export function budgetStore(db: DatabaseSync): BudgetStore {
  const calls = callLog(db)
  const block = db.prepare(UPSERT_BLOCK)
  const blocked = db.prepare(BLOCKED)
  const shorten = db.prepare(SHORTEN_BLOCK)
  const blockedUntil = (source: string, now: number) => blocked.get(source, now)?.until as number | undefined
  return {
    reserve: async (source, now, limits, credits = 1) =>
      transaction(db, () => {
        calls.tidy(source, now)
        shorten.run(source, now)
        const retryAt = blockedUntil(source, now) ?? calls.retryAt(source, now, limits, credits)
        if (retryAt !== null) return { granted: false, retryAt }
        calls.count(source, now, credits)
        return { granted: true }
      }),
    block: async (source, until) => void block.run(source, until),
    usage: async (source, now) => ({
      ...calls.used(source, now),
      blockedUntil: blockedUntil(source, now) ?? null,
    }),
  }
}

const UPSERT_BLOCK = `
  INSERT INTO call_blocks (source, until) VALUES (?, ?)
  ON CONFLICT (source) DO UPDATE SET until = max(until, excluded.until)`

// Written down, as a limit that moves with the clock would never be reached.
const SHORTEN_BLOCK = `
  UPDATE call_blocks SET until = ?2 + ${LONGEST_BLOCK_MS} WHERE source = ?1 AND until > ?2 + ${LONGEST_BLOCK_MS}`

const BLOCKED = `
  SELECT min(until, ?2 + ${LONGEST_BLOCK_MS}) AS until FROM call_blocks WHERE source = ?1 AND until > ?2`

const UPSERT_MONTH = `
  INSERT INTO call_months (source, month, calls) VALUES (?, ?, ?)
  ON CONFLICT (source, month) DO UPDATE SET calls = calls + excluded.calls`

function callLog(db: DatabaseSync) {
  const pull = db.prepare(`UPDATE calls SET at = ?2 WHERE source = ?1 AND at > ?2 + ${CALL_WINDOW_MS}`)
  const prune = db.prepare(`DELETE FROM calls WHERE source = ?1 AND at <= ?2 - ${CALL_WINDOW_MS}`)
  const insert = db.prepare(`INSERT INTO calls (source, at) VALUES (?, ?)`)
  const minute = db.prepare(`SELECT count(*) AS used FROM calls WHERE source = ?1 AND at > ?2 - ${CALL_WINDOW_MS}`)
  const nthNewest = db.prepare(`SELECT at FROM calls WHERE source = ? ORDER BY at DESC LIMIT 1 OFFSET ? - 1`)
  const countMonth = db.prepare(UPSERT_MONTH)
  const month = db.prepare(`SELECT calls FROM call_months WHERE source = ? AND month = ?`)
  const monthUsed = (source: string, now: number) => Number(month.get(source, monthOf(now))?.calls ?? 0)
  return {
    /**
     * Forgets calls that no longer count. A clock that was set back makes calls lie ahead of it: they still count. From more
     * than that ahead they are pulled to now, as no more is known of them than that they are past: a wrong clock blocks for a minute.
     */
    tidy: (source: string, now: number) => {
      pull.run(source, now)
      prune.run(source, now)
    },
    /** When the next call may be made; null: now. */
    retryAt: (source: string, now: number, limits: CallLimits, credits: number): number | null => {
      const { perMinute, perMonth } = limits
      if (perMonth !== null && monthUsed(source, now) + credits > perMonth) return nextMonth(now)
      // When this one leaves the minute, one less than `perMinute` are left in it.
      const blocking = nthNewest.get(source, perMinute) as { at: number } | undefined
      return blocking === undefined ? null : blocking.at + CALL_WINDOW_MS
    },
    count: (source: string, now: number, credits: number) => {
      insert.run(source, now)
      countMonth.run(source, monthOf(now), credits)
    },
    used: (source: string, now: number) => ({
      minuteUsed: Number(minute.get(source, now)?.used),
      monthUsed: monthUsed(source, now),
    }),
  }
}

const monthOf = (now: number) => new Date(now).toISOString().slice(0, 'YYYY-MM'.length)

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}
