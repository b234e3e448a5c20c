import { coingeckoSettings, probe, type SourceSettings, simulatorSettings } from '@crypto-signals/ingestion'
import { openStoreFor, type Surroundings } from '@crypto-signals/service'
import { startSimulator } from '@crypto-signals/simulator'
import type { Store } from '@crypto-signals/store'
import type { StandaloneConfig } from './config.ts'

/** Where the prices come from, and the file that holds what is made of them: simulated data never meet real ones. */
export interface Market extends AsyncDisposable {
  simulated: boolean
  sources: SourceSettings[]
  store: Store
}

/** The market that `MARKET_SOURCES` asks for. `auto` falls back to the simulator when no source answers, but never in production. */
export async function openMarket(config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  if (config.MARKET_SOURCES === 'simulator') return simulatedMarket(config, surroundings)
  const live = await liveMarket(config, surroundings)
  if (config.MARKET_SOURCES !== 'auto' || (await anyAnswers(live, surroundings))) return live
  const { log } = surroundings
  if (config.NODE_ENV === 'production') {
    log.warn('no market source answers yet: serving what is stored, and trying again')
    return live
  }
  await live[Symbol.asyncDispose]()
  log.warn(
    'NO MARKET SOURCE ANSWERS: all prices and signals from here on are SIMULATED, and kept in a file of their own',
  )
  return simulatedMarket(config, surroundings)
}

async function liveMarket(config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  const store = await openStoreFor(config, surroundings, false)
  return {
    simulated: false,
    sources: [coingeckoSettings(config)],
    store,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

async function simulatedMarket(config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  const simulator = await startSimulator({ clock: surroundings.clock })
  const store = await openStoreFor(config, surroundings, true)
  return {
    simulated: true,
    sources: [simulatorSettings(simulator.url)],
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

async function anyAnswers({ sources, store }: Market, { clock, log }: Surroundings): Promise<boolean> {
  const answers = await Promise.all(sources.map((source) => probe(source, { store, clock, log })))
  return answers.includes(true)
}
