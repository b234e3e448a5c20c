import type { SourceStore, SweepProgress } from '@crypto-signals/store'
import type { ProgressStore } from './round.ts'

/** What is remembered of a feed's rounds, under the source's name alone where it is the one that goes through all coins. */
export function progressOf(store: SourceStore, source: string, feed: string): ProgressStore {
  const key = feed === 'sweep' ? source : `${source}/${feed}`
  return { last: () => store.sweep(key), save: (progress) => store.saveSweep(key, progress) }
}

/** For rounds of one call that cost next to nothing: only where the last one ended and began is kept, and not beyond a restart. */
export function heldProgress(): ProgressStore {
  let last: SweepProgress | null = null
  return {
    last: async () => last,
    save: async (progress) => {
      last = progress
    },
  }
}
