import type { SourceFacts } from '../source.ts'

/** What a source says of itself, or of the simulator where that stands for it: a name that cannot be mistaken, and no thanks to anybody. */
export function factsOf(facts: SourceFacts, { simulated }: { simulated: boolean }): SourceFacts {
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

/** The name of the source that is itself or is simulated. */
export const realName = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name)
