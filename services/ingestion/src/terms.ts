import type { IngestionConfig, MarketSources } from './config.ts'
import type { Work } from './leadership.ts'
import type { MarketWatch } from './market-watch.ts'
import type { MarketSource } from './source.ts'

/** What a process does while it leads: made anew, with what the store remembers, whenever it begins to. */
export interface Terms extends Work {
  /** Null while another process leads. */
  current: () => MarketWatch | null
}

export function createTerms(
  openSources: IngestionConfig['openSources'],
  watchOf: (sources: readonly MarketSource[]) => MarketWatch,
): Terms {
  let opened: MarketSources | null = null
  let watch: MarketWatch | null = null
  return {
    current: () => watch,
    async begin(signal) {
      opened = await openSources()
      watch = watchOf(opened.sources)
      await watch.start(signal)
    },
    async end() {
      const [ending, open] = [watch, opened]
      ;[watch, opened] = [null, null]
      // Side by side: nobody waits for what a simulator was asked, and is slow to make.
      await Promise.all([ending?.stop(), open?.[Symbol.asyncDispose]()])
    },
  }
}
