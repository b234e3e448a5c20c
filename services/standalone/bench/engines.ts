import { systemClock } from '@crypto-signals/clock'
import {
  createLog,
  createMetrics,
  ENGINES_ENVIRONMENT,
  loadConfig,
  openPorts,
  type Ports,
} from '@crypto-signals/service'
import { tempDir } from '@crypto-signals/testing'
import { Type } from '@sinclair/typebox'

/** Embedded engines on data of their own; they go with `opened`. */
export async function openEngines(opened: AsyncDisposableStack, { simulated }: { simulated: boolean }): Promise<Ports> {
  const dir = opened.use(await tempDir())
  const { log, close } = createLog({ name: 'bench', level: 'error' })
  opened.defer(close)
  const config = loadConfig(Type.Object(ENGINES_ENVIRONMENT), { DATA_DIR: dir.path })
  const surroundings = { clock: systemClock, log, metrics: createMetrics() }
  return opened.use(await openPorts(config, surroundings, { simulated }))
}
