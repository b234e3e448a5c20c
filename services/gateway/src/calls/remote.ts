import type { Clock } from '@crypto-signals/clock'
import type { Logger } from 'pino'
import { type Paths, pathsIn } from '../documented.ts'
import type { Open } from '../flow.ts'
import type { Ask } from '../question.ts'
import type { Upstream } from '../upstream.ts'
import { asking, type Outcome, opening } from './ask.ts'
import { createReplicas, type Replicas } from './replicas.ts'

/** A service in processes of its own. */
export interface Remote extends Omit<Upstream, 'routes'>, Pick<Replicas, 'start' | 'stop' | 'newestVersion' | 'count'> {
  ask: Ask
  open: Open
}

export interface RemoteOptions {
  name: string
  addresses: readonly URL[]
  /** Where its routes lie. */
  prefixes: readonly string[]
  clock: Clock
  log: Logger
  called: (outcome: Outcome) => void
}

export function createRemote({ name, addresses, prefixes, clock, log, called }: RemoteOptions): Remote {
  let paths: Paths = {}
  const describe = (document: unknown) => {
    paths = pathsIn(document, prefixes)
  }
  const replicas = createReplicas(addresses, { clock, log: log.child({ upstream: name }), describe })
  return {
    ...replicas,
    name,
    ask: asking(replicas, called),
    open: opening(replicas, called),
    readiness: async () => replicas.readiness(),
    documented: () => paths,
  }
}
