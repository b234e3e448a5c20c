import type { MappingTable } from './mapping-table.ts'
import type { SourceView } from './source-view.ts'

export interface MappingCount {
  source: string
  method: string
  active: number
  dropped: number
}

/** Of sources whose keys are coin ids, the coins they price count. */
export function countMappings(table: MappingTable, views: Iterable<SourceView>): MappingCount[] {
  const counts = new Map<string, MappingCount>()
  const countOf = (source: string, method: string) => {
    const name = `${source} ${method}`
    const count = counts.get(name) ?? { source, method, active: 0, dropped: 0 }
    counts.set(name, count)
    return count
  }
  for (const source of table.sources()) {
    for (const { method, dropped } of table.of(source).values())
      countOf(source, method)[dropped ? 'dropped' : 'active']++
  }
  for (const { facts, coins } of views) {
    if (facts.keys === 'coingecko-id') countOf(facts.name, facts.keys).active = coins.size
  }
  return [...counts.values()]
}
