import type { SourceStatus } from '@crypto-signals/client'

const KINDS = ['aggregator', 'exchange', 'dex', 'index'] as const

/** What needs a look first, then by kind, then by name: a row keeps its place while it is read. */
export function byImportance(sources: readonly SourceStatus[]): SourceStatus[] {
  const failing = ({ state }: SourceStatus) => (state === 'failing' ? 0 : 1)
  return sources.toSorted(
    (a, b) =>
      failing(a) - failing(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.title.localeCompare(b.title, 'en'),
  )
}
