import type { MongoServer, NatsServer, RedisServer } from '@crypto-signals/testing'
import { type Cluster, REPLICAS, SERVICES } from './cluster.ts'

/** One thing that goes wrong, and is right again when it resolves. */
interface Fault {
  name: string
  strike: () => Promise<void>
}

export interface Engines {
  nats: NatsServer
  mongo: MongoServer
  redis: RedisServer
}

interface FaultPlan {
  cluster: Cluster
  engines: Engines
  /** Of each service. */
  kills: number
  /** Whether a replica of scoring and one of alerting also stand still for longer than their events wait for a sign of life, and Redis and the database for a while. */
  freeze: boolean
  random: () => number
}

/** Every service killed with -9 so many times, one of its replicas by chance, and each engine once, in an order of chance. */
export function faultsOf({ cluster, engines, kills, freeze, random }: FaultPlan): Fault[] {
  const killed = SERVICES.flatMap((service) =>
    Array.from({ length: kills }, () => {
      const [replica, downMs] = [Math.floor(random() * REPLICAS[service]), random() * LONGEST_DOWN_MS]
      return { name: `kill -9 ${service} ${replica}`, strike: () => cluster.kill(service, replica, downMs) }
    }),
  )
  const restarted = Object.entries(engines).map(([name, engine]: [string, Engines[keyof Engines]]) => ({
    name: `kill -9 and restart ${name}`,
    async strike() {
      await engine.kill()
      await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_DOWN_MS))
      await engine.restart()
    },
  }))
  const frozen = (['scoring', 'alerting'] as const).map((service) => ({
    name: `freeze ${service} 0 for ${FROZEN_MS / 1_000} s`,
    strike: () => cluster.freeze(service, 0, FROZEN_MS),
  }))
  const stopped = (['redis', 'mongo'] as const).map((name) => ({
    name: `freeze ${name} for ${ENGINE_FROZEN_MS / 1_000} s`,
    async strike() {
      await engines[name].freeze()
      await new Promise((resolve) => setTimeout(resolve, ENGINE_FROZEN_MS))
      engines[name].thaw()
    },
  }))
  return shuffled([...killed, ...restarted, ...(freeze ? [...frozen, ...stopped] : [])], random)
}

const LONGEST_DOWN_MS = 2_000

// Twice the time after which an event is handed to somebody else.
const FROZEN_MS = 40_000

const ENGINE_FROZEN_MS = 20_000

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
