import { type EventName, type EventOf, MAX_BATCH_ROWS } from '@crypto-signals/contracts'

/** Throws when an event has more rows than one may have. */
export function assertBounded<N extends EventName>(name: N, event: EventOf<N>): void {
  const rows = 'rows' in event ? event.rows.length : 1
  if (rows > MAX_BATCH_ROWS)
    throw new RangeError(`${name} of ${rows} rows: at most ${MAX_BATCH_ROWS} go into one event`)
}
