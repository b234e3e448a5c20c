import { setImmediate } from 'node:timers/promises'
import type { ScoredCoin, TriggeredAlert } from '@crypto-signals/contracts'
import type { Store } from '@crypto-signals/store'
import type { AlertBook } from './alert-book.ts'
import type { Outbox } from './outbox.ts'
import type { Report } from './report.ts'
import { evaluate } from './rules/evaluate.ts'
import type { Turn } from './turns.ts'

/** Evaluates rules. One observation after the other: whoever reads the store here reads nothing older than what was seen. */
export interface Watch {
  /** Evaluates the rules of these coins. */
  observe: (coins: readonly ScoredCoin[]) => Promise<void>
  /** Evaluates the rules of these coins against what the store knows of them. */
  catchUp: (coinIds: readonly string[]) => Promise<void>
  /** Evaluates one new rule so, without waiting for the observations that wait, but after an answer that is about to go out. */
  catchUpRule: (alertId: string) => Promise<void>
  /** Takes over what the store knows of a rule: another replica may have set, moved or removed it. */
  refresh: (alertId: string) => Promise<void>
  /** Sends the firings that wait in the store, none of them twice: nothing else is sent meanwhile. */
  flush: () => Promise<void>
}

interface WatchPorts {
  store: Pick<Store, 'alerts' | 'signals'>
  book: AlertBook
  outbox: Outbox
  turn: Turn
  report: Report
}

export function createWatch({ store, book, outbox, turn, report }: WatchPorts): Watch {
  const inOrder = <T>(task: () => Promise<T>) => turn('observations', task)
  const amongNew = <T>(task: () => Promise<T>) => turn('new rules', task)
  const catchingUp = new Set<string>()
  const { advance, reload } = createSteps({ store, book, outbox, report })

  async function observe(coins: readonly ScoredCoin[]) {
    for (const coin of coins) {
      const records = book.of(coin.coinId)
      // A rule that catches up may fire on less than this: whether this moves it shows in its turn, after that.
      const moved = records.filter((record) => catchingUp.has(record.alert.alertId) || evaluate(record, coin) !== null)
      if (records.length > 0) report.evaluated(records.length)
      for (const { alert } of moved) {
        // The alert's own turn keeps a removal apart: once that was answered, the rule does not fire any more.
        await turn(alert.alertId, () => advance(alert.alertId, coin))
        // An embedded store never really waits: without a pause a thousand firings would hold up every request.
        await setImmediate()
      }
    }
  }

  async function catchUpRule(alertId: string) {
    await setImmediate()
    await turn(alertId, async () => {
      const coinId = book.get(alertId)?.alert.coinId
      if (coinId === undefined) return
      // Read in the rule's own turn: the store holds whatever the rule has seen, so this is never older.
      const [coin] = await store.signals.of([coinId])
      if (coin === undefined) return
      report.evaluated(1)
      await advance(alertId, coin)
    })
  }

  return {
    observe: (coins) => inOrder(() => observe(coins)),
    catchUp: (coinIds) => inOrder(async () => observe(await store.signals.of(coinIds))),
    async catchUpRule(alertId) {
      catchingUp.add(alertId)
      try {
        await amongNew(() => catchUpRule(alertId))
      } finally {
        catchingUp.delete(alertId)
      }
    },
    refresh: (alertId) => turn(alertId, () => reload(alertId)),
    flush: () => inOrder(() => amongNew(() => outbox.flush())),
  }
}

/** What is done with one rule, in its turn. */
function createSteps({ store, book, outbox, report }: Omit<WatchPorts, 'turn'>) {
  async function advance(alertId: string, coin: ScoredCoin, attempt = 1): Promise<void> {
    const record = book.get(alertId)
    const evaluation = record === undefined ? null : evaluate(record, coin)
    if (evaluation === null) return
    if (!(await store.alerts.advance(evaluation.record, evaluation.trigger))) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`alert ${alertId} changes too fast to be evaluated`)
      await reload(alertId)
      return advance(alertId, coin, attempt + 1)
    }
    book.put(evaluation.record)
    if (evaluation.trigger !== null) await tell(evaluation.trigger)
  }

  async function reload(alertId: string) {
    const stored = await store.alerts.get(alertId)
    if (stored === null) book.remove(alertId)
    else book.put(stored)
  }

  async function tell(trigger: TriggeredAlert) {
    report.fired(trigger)
    await outbox.deliver(trigger)
  }

  return { advance, reload }
}

// Only another replica can be faster, and it saw the same observation: a second conflict is a rarity already.
const MAX_ATTEMPTS = 5
