import { receiptOf } from '@crypto-signals/contracts'
import type { Readiness } from '@crypto-signals/service'
import type { Logger } from 'pino'

/** `suspect`: it failed since it was last found ready, and is asked only if there is no other. `away`: it is not asked. */
export type Fitness = 'ready' | 'suspect' | 'away'

/** What is known of a replica. */
interface Condition {
  readonly fitness: Fitness
  /** What it last said of itself; null if it said nothing. */
  readonly readiness: Readiness | null
  /** The version of its data; `order` grows with each one that a replica came to. */
  readonly version: { name: string; order: number } | null
}

export interface ConditionKeeper extends Condition {
  said(readiness: Readiness): void
  /** It said nothing, or nothing yet. */
  silent(why: 'gone' | 'late'): void
  failed(): void
  answeredFrom(version: string): void
}

/** `nextOrder` numbers the versions of all replicas. */
export function createCondition(log: Logger, nextOrder: () => number): ConditionKeeper {
  let condition: Condition = { fitness: 'away', readiness: null, version: null }
  let [told, isSilent]: [Fitness | null, boolean] = [null, false]

  const change = (changes: Partial<Condition>) => {
    condition = { ...condition, ...changes }
  }
  const hold = (name: string) => {
    if (name !== condition.version?.name) change({ version: { name, order: nextOrder() } })
  }
  const settle = (fitness: 'ready' | 'away', readiness: Readiness | null) => {
    change({ fitness, readiness })
    if (fitness === told) return
    told = fitness
    if (fitness === 'ready') log.info('a replica is ready')
    else log.warn({ reasons: readiness?.reasons ?? ['does not answer'] }, 'a replica is not ready')
  }
  return {
    get fitness() {
      return condition.fitness
    },
    get readiness() {
      return condition.readiness
    },
    get version() {
      return condition.version
    },
    said(readiness) {
      isSilent = false
      if (readiness.version !== undefined) hold(readiness.version)
      settle(readiness.ready ? 'ready' : 'away', readiness)
    },
    silent(why) {
      // One that has much to do may be late once, and one that gives its address to a successor breaks off once.
      if (isSilent || (why === 'gone' && condition.fitness !== 'ready')) settle('away', null)
      else this.failed()
      isSilent = true
    },
    failed() {
      if (condition.fitness === 'ready') change({ fitness: 'suspect' })
    },
    answeredFrom(version) {
      // A slow answer may be older than what the replica said since.
      if (receiptOf(version) >= receiptOf(condition.version?.name ?? '')) hold(version)
    },
  }
}
