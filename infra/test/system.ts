import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../../packages/testing/src/index.ts'
import { freePort, type Product, startProduct } from '../../services/standalone/test/product.ts'
import { type Compose, serviceOf } from './compose.ts'
import { startDns } from './dns.ts'
import { type Engines, startEngines } from './engines.ts'
import type { Image } from './image.ts'
import { NGINX_MISSING, startNginx } from './nginx.ts'

export const SERVICES = ['query-api', 'alerting', 'scoring', 'ingestion', 'gateway'] as const
type ServiceName = (typeof SERVICES)[number]
export type Images = Record<ServiceName, Image>

/** All containers of the compose file as processes on loopback: their images, their settings, their engines. */
export interface System extends AsyncDisposable {
  readonly services: Record<ServiceName, Product>
  /** What the job that prepares the database said. */
  readonly migration: string
  readonly redisPort: number
  /** nginx' address. */
  readonly url: string
}

/** The name of what is missing where a server is not installed. */
export async function startSystem(compose: Compose, images: Images): Promise<System | string> {
  await using started = new AsyncDisposableStack()
  const engines = await startEngines(compose)
  if (typeof engines === 'string') return engines
  started.use(engines)
  const ports: Record<string, number> = {}
  for (const name of SERVICES) ports[name] = await freePort()
  const dns = started.use(await startDns())
  dns.addresses.set('gateway', ['127.0.0.1'])
  const nginx = started.use(await startNginx({ dnsPort: dns.port, gatewayPort: ports.gateway ?? 0 }))
  if (nginx === null) return NGINX_MISSING

  const migration = await migrate(compose, images.ingestion, engines)
  const services = {} as Record<ServiceName, Product>
  for (const name of SERVICES) {
    // It may not make streams: others have, by then.
    if (name === 'gateway') await ready(services['query-api'])
    const settings = { ...engines.onLoopback(serviceOf(compose, name).environment), ...upstreams(ports) }
    const product = await startContainer(images[name], { ...settings, PORT: String(ports[name]) })
    services[name] = started.use(product)
  }
  const all = started.move()
  const { redisPort } = engines
  return { services, migration, redisPort, url: nginx.url, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** Waits until a service is ready; rejects with what it wrote when it does not become so. */
export const ready = (product: Product) =>
  until(async () => (await product.ask('/readyz')).status === 200, { timeoutMs: 60_000 }).catch((error) => {
    throw new Error(`${error}\n${product.lines.join('\n')}`)
  })

const upstreams = (ports: Record<string, number>) => ({
  QUERY_API_URL: `http://127.0.0.1:${ports['query-api']}`,
  ALERTING_URL: `http://127.0.0.1:${ports.alerting}`,
})

async function migrate(compose: Compose, image: Image, engines: Engines): Promise<string> {
  const { environment, working_dir: dir = '', command = [] } = serviceOf(compose, 'migrate')
  const { stdout } = await promisify(execFile)(process.execPath, command.slice(1), {
    cwd: join(image.root, dir),
    env: { ...image.environment, ...engines.onLoopback(environment) },
  })
  return stdout
}

/** What the image starts, with its own settings and those of the compose file. */
function startContainer({ environment, workingDir, command }: Image, settings: Record<string, string>) {
  const [, ...files] = command
  const program = [process.execPath, ...files.map((file) => join(workingDir, file))]
  return startProduct({ ...environment, ...settings, HOST: '127.0.0.1' }, program)
}
