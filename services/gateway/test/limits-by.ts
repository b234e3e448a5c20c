import { type Clock, systemClock } from '@crypto-signals/clock'
import type { FakeClock } from '@crypto-signals/testing'

/** A clock by which replicas are looked at in real time, and which lets a test decide when the time limit of a call is over. */
export function limitsBy(limits: FakeClock): Clock {
  return {
    now: () => systemClock.now(),
    sleep: (ms, signal) => (ms > 1_000 ? limits.sleep(ms, signal) : systemClock.sleep(ms, signal)),
  }
}
