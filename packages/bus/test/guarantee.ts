import type { LogLine } from '@crypto-signals/testing'
import type { Test } from 'tap'
import type { Bus } from '../src/bus.ts'

/** A bus to be tested. */
export interface BusUnderTest {
  bus: Bus
  /** Lets at least `ms` pass for the bus. */
  pass: (ms: number) => Promise<void>
  /** Opens one more on what it lies on, of a system in another namespace. */
  openIn: (namespace: string) => Promise<Bus>
}

/** States what an adapter guarantees, and checks it on a bus of its own. */
export type Guarantee = (
  title: string,
  check: (t: Test, under: BusUnderTest & { lines: LogLine[] }) => Promise<void>,
) => void
