import type { Readiness } from '@crypto-signals/service'
import type { Feeder, Services } from './upstream.ts'

/** How each service is, by name. */
export interface States {
  upstreams: Record<string, Readiness>
  feeders: Record<string, Readiness>
}

/** Asks all services; one that does not answer is not ready. */
export async function statesOf({ upstreams, feeders }: Services): Promise<States> {
  const [serving, feeding] = await Promise.all([askedOf(upstreams), askedOf(feeders)])
  return { upstreams: serving, feeders: feeding }
}

/** What all services hold, by name. */
export const countsOf = ({ upstreams, feeders }: States): Record<string, number> =>
  Object.assign({}, ...Object.values({ ...feeders, ...upstreams }).map(({ counts }) => counts))

/** Whether anybody can be served: an upstream is ready, and either there are coins to tell of or each feeder is ready too. */
export function canServe(states: States): boolean {
  const { upstreams, feeders } = states
  const isOneReady = Object.values(upstreams).some(({ ready }) => ready)
  return isOneReady && (hasData(states) || areReady(feeders))
}

/** Whether there are answers that a feeder's absence does not take away. */
export const hasData = (states: States): boolean => (countsOf(states).coins ?? 0) > 0

const areReady = (services: Record<string, Readiness>) => Object.values(services).every(({ ready }) => ready)

async function askedOf(services: Feeder[]): Promise<Record<string, Readiness>> {
  const answers = await Promise.all(
    services.map(async ({ name, readiness }) => {
      const lost: Readiness = { ready: false, reasons: ['does not answer'], counts: {} }
      return [name, await readiness().catch(() => lost)] as const
    }),
  )
  return Object.fromEntries(answers)
}
