import type { Clock } from '@crypto-signals/clock'
import { coingeckoSettings, type SourceSettings, simulatorSettings } from '@crypto-signals/ingestion'
import { startSimulator } from '@crypto-signals/simulator'
import { openStore, type Store } from '@crypto-signals/store'
import type { Logger } from 'pino'
import type { StandaloneConfig } from './config.ts'

/** Where the prices come from, and the file that holds what is made of them: simulated data never meet real ones. */
export interface Market extends AsyncDisposable {
  simulated: boolean
  sources: SourceSettings[]
  store: Store
}

interface Surroundings {
  clock: Clock
  log: Logger
}

/** The market that `MARKET_SOURCES` asks for. `auto` falls back to the simulator when no source answers, but never in production. */
export async function openMarket(config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  if (config.MARKET_SOURCES === 'simulator') return simulatedMarket(config, surroundings)
  const live = await liveMarket(config)
  if (config.MARKET_SOURCES !== 'auto' || (await answers(live, surroundings.clock))) return live
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

async function liveMarket(config: StandaloneConfig): Promise<Market> {
  const store = await openStore({ dataDir: config.DATA_DIR, file: 'market.sqlite' })
  return {
    simulated: false,
    sources: [coingeckoSettings(config)],
    store,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

async function simulatedMarket(config: StandaloneConfig, { clock }: Surroundings): Promise<Market> {
  const simulator = await startSimulator({ clock })
  const store = await openStore({ dataDir: config.DATA_DIR, file: 'simulated.sqlite' })
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

const ANSWER_WITHIN_MS = 5_000

/** Whether any source answers, with whatever status. The question counts as a call; a source with no call left did answer before. */
async function answers({ sources, store }: Market, clock: Clock): Promise<boolean> {
  const asked = await Promise.all(
    sources.map(async ({ name, url, apiKey, perMinute, perMonth }) => {
      const { granted } = await store.budgets.reserve(name, clock.now(), { perMinute, perMonth })
      if (!granted) return true
      const headers = apiKey === null ? {} : { 'x-cg-demo-api-key': apiKey }
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
      return fetch(`${url}/ping`, { headers, signal, redirect: 'manual' }).then(
        (answer) => answer.body?.cancel().then(() => true) ?? true,
        () => false,
      )
    }),
  )
  return asked.includes(true)
}
