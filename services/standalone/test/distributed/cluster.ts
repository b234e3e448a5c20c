import { join } from 'node:path'
import { until } from '@crypto-signals/testing'
import { freePort, type Product, START_MS, startProduct } from '../product.ts'

/** How many processes of each service there are; whoever is there before anything is published comes first. */
export const REPLICAS = { 'query-api': 2, alerting: 2, scoring: 3, ingestion: 2, gateway: 1 }
export type Replicas = typeof REPLICAS
export type ServiceName = keyof Replicas
export const SERVICES = Object.keys(REPLICAS) as ServiceName[]

/** The whole system as processes of its own, each of which may be killed and comes back. */
export interface Cluster extends AsyncDisposable {
  /** The public door. */
  readonly url: string
  /** Of each process, by service. */
  readonly addresses: Record<ServiceName, string[]>
  readonly kills: Record<ServiceName, number>
  ask: Product['ask']
  /** Ends one replica with -9 and starts it again after `downMs`. */
  kill(service: ServiceName, replica: number, downMs: number): Promise<void>
  /** Stops one replica where it is, and lets it go on after `frozenMs`. */
  freeze(service: ServiceName, replica: number, frozenMs: number): Promise<void>
  /** Ends all replicas of a service in order, for good. */
  retire(service: ServiceName): Promise<void>
  /** What all processes wrote, by name. */
  lines(): Record<string, string[]>
}

interface Seat {
  name: string
  settings: Record<string, string>
  program: string[]
  product: Product
  /** Lines of the processes that sat here before. */
  earlier: string[]
  /** What is being done to it: one thing after the other, or a process that came back meanwhile would be forgotten. */
  turn: Promise<void>
}

export async function startCluster(settings: Record<string, string>, replicas: Replicas = REPLICAS): Promise<Cluster> {
  const addresses = await addressesOf(replicas)
  const upstreams = { QUERY_API_URL: addresses['query-api'].join(), ALERTING_URL: addresses.alerting.join() }
  const seats = {} as Record<ServiceName, Seat[]>
  for (const service of SERVICES) {
    const own = { ...settings, ...(service === 'gateway' ? upstreams : {}) }
    seats[service] = await Promise.all(addresses[service].map((url, replica) => seated(service, replica, url, own)))
  }
  const cluster = clusterOf(seats, addresses)
  await until(() => isReady(cluster), { timeoutMs: START_MS }).catch(async (error) => {
    const told = JSON.stringify(cluster.lines(), null, 1)
    await cluster[Symbol.asyncDispose]()
    throw new Error(`${String(error)}\n${told}`)
  })
  return cluster
}

async function isReady({ ask }: Cluster): Promise<boolean> {
  const { status, body } = await ask('/readyz')
  return status === 200 && Object.values<{ ready: boolean }>(body.services).every(({ ready }) => ready)
}

function clusterOf(seats: Record<ServiceName, Seat[]>, addresses: Cluster['addresses']): Cluster {
  const kills = Object.fromEntries(SERVICES.map((service) => [service, 0])) as Cluster['kills']
  const all = Object.values(seats).flat()
  const seatOf = (service: ServiceName, replica: number) => {
    const seat = seats[service][replica]
    if (seat === undefined) throw new RangeError(`there is no ${service} ${replica}`)
    return seat
  }
  return {
    url: addresses.gateway[0] as string,
    addresses,
    kills,
    ask: (path, init) => seatOf('gateway', 0).product.ask(path, init),
    async kill(service, replica, downMs) {
      await inTurn(seatOf(service, replica), async (seat) => {
        seat.product.kill('SIGKILL')
        await seat.product.exited
        kills[service]++
        await pause(downMs)
        seat.earlier.push(...seat.product.lines)
        seat.product = await startProduct(seat.settings, seat.program)
      })
    },
    async freeze(service, replica, frozenMs) {
      await inTurn(seatOf(service, replica), async ({ product }) => {
        product.kill('SIGSTOP')
        await pause(frozenMs)
        product.kill('SIGCONT')
      })
    },
    async retire(service) {
      for (const { product } of seats[service]) product.kill('SIGTERM')
      await Promise.all(seats[service].map(({ product }) => product.exited))
    },
    lines: () => Object.fromEntries(all.map(({ name, earlier, product }) => [name, [...earlier, ...product.lines]])),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map(({ product }) => product[Symbol.asyncDispose]()))
    },
  }
}

async function seated(service: ServiceName, replica: number, url: string, own: Record<string, string>): Promise<Seat> {
  const settings = { ...own, PORT: new URL(url).port }
  const program = [process.execPath, join(import.meta.dirname, `../../../${service}/src/main.ts`)]
  const product = await startProduct(settings, program)
  return { name: `${service} ${replica}`, settings, program, product, earlier: [], turn: Promise.resolve() }
}

function inTurn(seat: Seat, work: (seat: Seat) => Promise<void>): Promise<void> {
  seat.turn = seat.turn.then(() => work(seat))
  return seat.turn
}

async function addressesOf(replicas: Replicas): Promise<Cluster['addresses']> {
  const addresses = {} as Cluster['addresses']
  for (const service of SERVICES) {
    addresses[service] = []
    while (addresses[service].length < replicas[service])
      addresses[service].push(`http://127.0.0.1:${await freePort()}`)
  }
  return addresses
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
