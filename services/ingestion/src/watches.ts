import type { IngestionConfig, MarketSources, SourceSettings } from './config.ts'
import type { Work } from './leadership.ts'
import type { MarketWatch } from './market-watch.ts'

/** The watches of all sources: made anew, with what the store remembers, whenever this process begins to lead. */
export interface Watches extends Work {
  /** None while another process leads. */
  all: () => readonly MarketWatch[]
}

export function createWatches(
  openSources: IngestionConfig['openSources'],
  watchOf: (settings: SourceSettings) => MarketWatch,
): Watches {
  let sources: MarketSources | undefined
  let watches: readonly MarketWatch[] = []
  return {
    all: () => watches,
    async begin() {
      sources = await openSources()
      watches = sources.settings.map(watchOf)
      await Promise.all(watches.map((watch) => watch.start()))
    },
    async end() {
      const [ending, open] = [watches, sources]
      ;[watches, sources] = [[], undefined]
      await Promise.all(ending.map((watch) => watch.stop()))
      await open?.[Symbol.asyncDispose]()
    },
  }
}
