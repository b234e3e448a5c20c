import type { Ports } from './service.ts'
import { within } from './within.ts'

/** The engines of a process, as its readiness names them. */
export type Engine = 'store' | 'bus' | 'cache'

/** Knows which engines do not answer, without making anybody wait for them. */
export interface EngineWatch {
  away(): Engine[]
  stop(): void
}

/** Asks each engine every second from now on. */
export function watchEngines({ clock, ...engines }: Pick<Ports, Engine | 'clock'>): EngineWatch {
  const away = new Set<Engine>()
  const ending = new AbortController()
  const watch = async (name: Engine) => {
    while (!ending.signal.aborted) {
      const answer = engines[name].ping().then(() => true)
      if (await within(clock, ANSWER_WITHIN_MS, answer, false)) away.delete(name)
      else away.add(name)
      await clock.sleep(ASK_EVERY_MS, ending.signal)
    }
  }
  for (const name of ENGINES) watch(name).catch(() => undefined)
  return { away: () => ENGINES.filter((name) => away.has(name)), stop: () => ending.abort() }
}

const ENGINES: readonly Engine[] = ['store', 'bus', 'cache']

// Together they are less than the 5 s within which a loss is to show.
const ASK_EVERY_MS = 1_000
const ANSWER_WITHIN_MS = 2_000
