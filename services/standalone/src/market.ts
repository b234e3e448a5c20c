import { probe } from '@crypto-signals/ingestion'
import { isSimulated, type OpenPorts, openPorts, type Surroundings } from '@crypto-signals/service'
import type { StandaloneConfig } from './config.ts'

/** Whether the market is an invented one, and the engines that hold what is made of it: simulated data never meet real ones. */
export interface Market {
  simulated: boolean
  ports: OpenPorts
}

/** The market that `MARKET_SOURCES` asks for. `auto` falls back to the simulator when no source answers, but never in production. */
export async function openMarket(config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  if (isSimulated(config)) return await marketOf(true, config, surroundings)
  const live = await marketOf(false, config, surroundings)
  if (config.MARKET_SOURCES !== 'auto' || (await probe(config, live.ports))) return live
  const { log } = surroundings
  if (config.NODE_ENV === 'production') {
    log.warn('no market source answers yet: serving what is stored, and trying again')
    return live
  }
  await live.ports[Symbol.asyncDispose]()
  log.warn(
    'NO MARKET SOURCE ANSWERS: all prices and signals from here on are SIMULATED, and kept in a file of their own',
  )
  return await marketOf(true, config, surroundings)
}

async function marketOf(simulated: boolean, config: StandaloneConfig, surroundings: Surroundings): Promise<Market> {
  return { simulated, ports: await openPorts(config, surroundings, { simulated }) }
}
