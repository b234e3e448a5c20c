import { setImmediate } from 'node:timers/promises'
import type { ScoredCoin } from '@crypto-signals/contracts'
import type { AlertRecord, Store } from '@crypto-signals/store'
import type { Outbox } from './outbox.ts'
import type { Report } from './report.ts'
import { evaluate } from './rules/evaluate.ts'

/** Evaluates rules, as the store has them: nothing of a rule is remembered here, so it does not matter which replica does so. */
export interface Watch {
  /** Evaluates the rules of these coins. */
  observe: (coins: readonly ScoredCoin[]) => Promise<void>
  /** Evaluates one new rule soon, against what is stored of its coin, after an answer that is about to go out. */
  begin: (record: AlertRecord) => void
  /** When every new rule was evaluated. */
  settled: () => Promise<void>
}

interface WatchPorts {
  store: Pick<Store, 'alerts' | 'signals'>
  outbox: Outbox
  report: Report
}

export function createWatch({ store, outbox, report }: WatchPorts): Watch {
  const beginning = new Set<Promise<void>>()
  const advance = createAdvance(store.alerts, outbox)

  async function observe(coins: readonly ScoredCoin[]) {
    const observations = Map.groupBy(coins, ({ coinId }) => coinId)
    for await (const records of store.alerts.watching([...observations.keys()], RULES_AT_ONCE)) {
      for (const record of records) {
        let current: AlertRecord | null = record
        for (const coin of observations.get(record.alert.coinId) ?? []) {
          if (current === null || evaluate(current, coin) === null) continue
          current = await advance(current, coin)
          // An embedded store never really waits: without a pause a thousand firings would hold up every request.
          await setImmediate()
        }
      }
      report.evaluated(records.length)
    }
  }

  async function evaluateNew(record: AlertRecord) {
    await setImmediate()
    // Read after the rule was stored: what is older than this may have been handled before the rule was there.
    const [coin] = await store.signals.of([record.alert.coinId])
    if (coin === undefined) return
    await advance(record, coin)
    report.evaluated(1)
  }

  return {
    observe,
    begin(record) {
      const begun = evaluateNew(record)
        .catch((error: unknown) => report.newAlertWaits(error, record.alert))
        .finally(() => beginning.delete(begun))
      beginning.add(begun)
    },
    settled: async () => void (await Promise.all(beginning)),
  }
}

const RULES_AT_ONCE = 500

/** Takes a rule through an observation of its coin; resolves to the rule as it is then, null if it is gone. */
function createAdvance(alerts: Store['alerts'], outbox: Outbox) {
  return async (record: AlertRecord, coin: ScoredCoin): Promise<AlertRecord | null> => {
    let current: AlertRecord | null = record
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const evaluation = current === null ? null : evaluate(current, coin)
      if (evaluation === null) return current
      const { record: next, trigger } = evaluation
      const write = () => alerts.advance(next, trigger)
      if (trigger === null ? await write() : await outbox.fire(trigger, write)) return next
      current = await alerts.get(record.alert.alertId)
    }
    throw new Error(`alert ${record.alert.alertId} changes too fast to be evaluated`)
  }
}

// Others move a rule only by what they see too, or when it is new: a second conflict is a rarity already.
const MAX_ATTEMPTS = 5
