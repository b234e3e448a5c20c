import type { Clock } from '@crypto-signals/clock'
import type { Simulator } from '@crypto-signals/simulator'
import type { Logger } from 'pino'
import { type IngestionEnvironment, type MarketSources, settingsOf } from '../config.ts'
import type { MarketSource, SourceDefinition, SourceSettings, SourceTools } from '../source.ts'
import { SOURCES } from './catalog.ts'

export interface OpenSourcesOptions {
  clock: Clock
  log: Logger
  simulated: boolean
  /** At least 0, less than 1. */
  random?: () => number
}

/** The sources that the environment names, ready to be asked; those of an invented market have its simulator in this process. */
export async function openSources(
  environment: IngestionEnvironment,
  { simulated, random = Math.random, ...world }: OpenSourcesOptions,
): Promise<MarketSources> {
  const tools = { ...world, random }
  if (!simulated) return { sources: openNamed(environment, tools), [Symbol.asyncDispose]: async () => undefined }
  // Loaded only where it is used: the market takes memory.
  const { startSimulator } = await import('@crypto-signals/simulator')
  const simulator = await startSimulator({ clock: tools.clock })
  const sources = SOURCES.map((definition) => definition.open(simulatedSettings(definition, simulator), tools))
  return { sources, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() }
}

/** Opens every source that the environment names and that can be used with what it says. */
export function openNamed(environment: IngestionEnvironment, tools: SourceTools): MarketSource[] {
  const { MARKET_SOURCES } = environment
  const names = new Set(MARKET_SOURCES.split(','))
  return SOURCES.filter(({ facts }) => MARKET_SOURCES === 'auto' || names.has(facts.name)).flatMap((definition) => {
    const settings = settingsOf(definition, environment)
    if (definition.usable(settings))
      return [definition.open(settings, { ...tools, log: tools.log.child({ source: definition.facts.name }) })]
    if (MARKET_SOURCES !== 'auto') tools.log.warn(`${definition.facts.name} needs a key, and is not used without one`)
    return []
  })
}

// The simulator refuses nobody, and who tries the product out is not to wait for half an hour.
const SIMULATED_PER_MINUTE = 600

/** A source as the simulator speaks it, with a key where one is needed. */
function simulatedSettings({ facts, defaults }: SourceDefinition, simulator: Simulator): SourceSettings {
  const apiKey = facts.access === 'free-key' ? 'simulated' : null
  const { perMinute } = defaults.limits({ url: defaults.url, apiKey })
  return {
    url: `${simulator.url}/${facts.name}`,
    streamUrl: defaults.streamUrl === undefined ? null : `${simulator.streamUrl}/${facts.name}`,
    apiKey,
    perMinute: Math.max(perMinute, SIMULATED_PER_MINUTE),
    perMonth: null,
    simulated: true,
  }
}
