import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstFreePort } from '../../packages/testing/src/index.ts'
import { type Keeper, keepProcess } from './process-keeper.ts'

/** All processes of the system, kept alive. */
export interface DistributedSystem extends AsyncDisposable {
  /** The gateway's address. */
  readonly url: string
  /** Resolves with the name of a process whose configuration is wrong. */
  readonly misconfigured: Promise<string>
}

/** Starts every service, each in as many processes as the whole-system test has; all read `env`. */
export async function startDistributed(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<DistributedSystem> {
  const seats = await seatsOf(env)
  const addressesOf = (service: string) =>
    seats.filter((seat) => seat.service === service).map(({ port }) => `http://127.0.0.1:${port}`)
  const settings = {
    ...env,
    HOST: '127.0.0.1',
    QUERY_API_URL: addressesOf('query-api').join(),
    ALERTING_URL: addressesOf('alerting').join(),
  }
  const keepers = seats.map((seat) => keepProcess({ ...seat, env: { ...settings, ...ownOf(seat, env) }, say }))
  return {
    url: addressesOf('gateway').join(),
    misconfigured: Promise.race(keepers.map(({ misconfigured }) => misconfigured)),
    [Symbol.asyncDispose]: () => stopInOrder(seats, keepers),
  }
}

interface Seat {
  service: string
  name: string
  program: string
  port: number
}

// From the door back to the source and then along the flow: nobody asks who is gone, and what was published is still taken in.
const SERVICES = [
  { service: 'gateway', count: 1, firstPort: 3000 },
  { service: 'ingestion', count: 2, firstPort: 3401 },
  { service: 'scoring', count: 3, firstPort: 3301 },
  { service: 'alerting', count: 2, firstPort: 3201 },
  { service: 'query-api', count: 2, firstPort: 3101 },
]

const SERVICES_DIR = fileURLToPath(new URL('../../services', import.meta.url))

async function seatsOf({ PORT }: NodeJS.ProcessEnv): Promise<Seat[]> {
  const seats: Seat[] = []
  for (const { service, count, firstPort } of SERVICES) {
    const program = join(SERVICES_DIR, service, 'src', 'main.ts')
    for (let number = 1; number <= count; number++) {
      const port = service === 'gateway' && PORT ? Number(PORT) : await firstFreePort(firstPort)
      seats.push({ service, name: `${service}-${number}`, program, port })
    }
  }
  return seats
}

/** What differs from process to process: two cannot write into the same log file. */
const ownOf = ({ name, port }: Seat, { LOG_DIR }: NodeJS.ProcessEnv) => ({
  PORT: String(port),
  ...(LOG_DIR ? { LOG_DIR: join(LOG_DIR, name) } : {}),
})

async function stopInOrder(seats: Seat[], keepers: Keeper[]): Promise<void> {
  for (const { service } of SERVICES) {
    const own = keepers.filter((_keeper, index) => seats[index]?.service === service)
    await Promise.all(own.map((keeper) => keeper.stop()))
  }
}
