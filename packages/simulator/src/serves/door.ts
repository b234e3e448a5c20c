import type { Clock } from '@crypto-signals/clock'
import type { SourceFaults } from '../faults/fault.ts'
import type { Limiter } from '../limits/limiter.ts'
import { PLANS } from '../limits/plan.ts'
import type { SimulatedSource } from '../sources/source.ts'

/** Who comes in at a source, and who is turned away. */
export interface Door {
  /** Null lets a request in. */
  turnedAway(path: string, rows: number): TurnedAway | null
}

export type TurnedAway = { status: number; body: unknown; retryAfterS: number | null } | 'silence'

/** A door that keeps the limits, if there are any, and the outages of a source. */
export const createDoor = ({
  source,
  clock,
  limiter,
  faults,
}: {
  source: SimulatedSource
  clock: Clock
  limiter: Limiter | undefined
  faults: SourceFaults
}): Door => {
  const { weights, rowsPerCredit, refusal }: (typeof PLANS)[keyof typeof PLANS] = PLANS[source.name]
  return {
    turnedAway(path, rows) {
      const now = clock.now()
      const credits = rowsPerCredit === null ? 1 : Math.max(1, Math.ceil(rows / rowsPerCredit))
      const weight = weights[path] ?? 1
      const refused = limiter?.admit(now, weight, credits) ?? null
      if (refused !== null) return { ...refusal, retryAfterS: Math.ceil(refused.retryAfterMs / 1_000) }
      const [outage] = faults('outage', now)
      if (outage === undefined) return null
      return outage.answer === 'silence' ? 'silence' : { ...OUTAGES[outage.answer], retryAfterS: null }
    },
  }
}

const OUTAGES = {
  error: { status: 502, body: 'Bad Gateway' },
  blocked: { status: 451, body: { code: 0, msg: 'Service unavailable from a restricted location' } },
} as const
