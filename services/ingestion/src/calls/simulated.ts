import type { MarketSource, SourceFacts, SourceSettings } from '../source.ts'

/** What an open source says of itself under its settings. */
export const described = (
  facts: SourceFacts,
  settings: SourceSettings,
  minGapMs = 0,
): Pick<MarketSource, 'facts' | 'limits' | 'simulated'> => ({
  facts: factsOf(facts, settings),
  limits: { perMinute: settings.perMinute, perMonth: settings.perMonth, minGapMs },
  simulated: settings.simulated,
})

/** What a source says of itself, or of the simulator where that stands for it: a name that cannot be mistaken, and no thanks to anybody. */
function factsOf(facts: SourceFacts, { simulated }: { simulated: boolean }): SourceFacts {
  if (!simulated) return facts
  return {
    ...facts,
    name: simulatedName(facts.name),
    attribution: { ...facts.attribution, text: 'Simulated data, not a real market' },
    derivedFrom: facts.derivedFrom && simulatedName(facts.derivedFrom),
  }
}

const PREFIX = 'simulated-'
const simulatedName = (name: string) => PREFIX + name
