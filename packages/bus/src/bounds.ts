import { type EventName, type EventOf, MAX_BATCH_ROWS, PARTITIONS } from '@crypto-signals/contracts'
import { isPartitioned } from './partition.ts'

/** Throws when an event has more rows than one may have, or lies in no partition: it would be seen by nobody. */
export function assertBounded<N extends EventName>(name: N, event: EventOf<N>): void {
  const rows = 'rows' in event ? event.rows.length : 1
  if (rows > MAX_BATCH_ROWS)
    throw new RangeError(`${name} of ${rows} rows: at most ${MAX_BATCH_ROWS} go into one event`)
  if (isPartitioned(name) && !('partition' in event && isPartition(event.partition)))
    throw new RangeError(`${name} of no partition: there are 0 to ${PARTITIONS - 1}`)
}

const isPartition = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < PARTITIONS
