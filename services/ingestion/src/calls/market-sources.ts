import type { Clock } from '@crypto-signals/clock'
import { coingeckoSettings, type IngestionEnvironment, type MarketSources, simulatorSettings } from '../config.ts'

/** The sources that the environment names, ready to be asked; those of an invented market have its simulator in this process. */
export async function openSources(
  environment: IngestionEnvironment,
  { clock, simulated }: { clock: Clock; simulated: boolean },
): Promise<MarketSources> {
  if (!simulated) return { settings: [coingeckoSettings(environment)], [Symbol.asyncDispose]: async () => undefined }
  // Loaded only where it is used: the market takes memory.
  const { startSimulator } = await import('@crypto-signals/simulator')
  const simulator = await startSimulator({ clock })
  return {
    settings: [simulatorSettings(simulator.url)],
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
