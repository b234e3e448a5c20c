import type { Readiness } from '@crypto-signals/service'
import type { Leadership } from './leadership.ts'
import type { MarketWatch } from './market-watch.ts'

/** How ingestion is: the leader is ready when there is something to work with, the others as long as they stand by. */
export function readinessOf(leadership: Leadership, watch: MarketWatch | null): Readiness {
  const leader = leadership.isLeading() ? 1 : 0
  const { universe, quotes, ready: hasData } = watch?.state() ?? NOTHING
  const ready = leader === 0 || hasData
  const own = leadership.trouble()
  const troubles = [...(watch === null ? [] : troublesOf(watch, ready)), ...(own === null ? [] : [own])]
  return { ready, reasons: ready ? troubles : ['no quotes yet', ...troubles], counts: { leader, universe, quotes } }
}

const NOTHING = { ready: false, universe: 0, quotes: 0 }

/** What is wrong with sources: one that fails is nothing to tell of while others tell the prices. */
function troublesOf({ watches }: MarketWatch, ready: boolean): string[] {
  const pricing = watches.filter(({ source }) => source.facts.kind !== 'index')
  if (ready && pricing.some((watch) => watch.trouble() === null)) return []
  return pricing.flatMap(({ source, trouble }) => {
    const said = trouble()
    return said === null ? [] : [`${source.facts.name}: ${said}`]
  })
}
