import type { Test } from 'tap'
import type { Store } from '../store.ts'

/** A store to be tested; `open` opens the same data again: a second replica or, after closing, a restart. */
export interface StoreUnderTest {
  store: Store
  open: () => Promise<Store>
}

/** Tests one guarantee on a store of its own, empty at first. */
export type Guarantee = (title: string, check: (t: Test, under: StoreUnderTest) => Promise<void>) => void
