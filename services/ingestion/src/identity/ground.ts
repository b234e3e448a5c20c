import type { Catalog } from './catalog.ts'
import type { CommonFactors } from './common-factors.ts'
import type { Currencies } from './currencies.ts'
import type { MappingTable } from './mapping-table.ts'
import type { PairBook } from './pair-book.ts'
import type { Reference } from './reference.ts'

/** What the matching of every source stands on. */
export interface Ground {
  catalog: Catalog
  /** Rises with each change of what keys may mean: what was made out before is made out anew. */
  generation: number
  readonly table: MappingTable
  readonly pairs: PairBook
  readonly reference: Reference
  readonly currencies: Currencies
  readonly factors: CommonFactors
}
