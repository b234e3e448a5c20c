import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { tempDir, until } from '../../packages/testing/src/index.ts'
import { freePort } from '../../services/standalone/test/product.ts'
import { ROOT, read } from './compose.ts'

const PROGRAM = 'prometheus'
export const PROMETHEUS_MISSING = 'prometheus and promtool are not on the PATH: apt-get install prometheus'

/** What promtool says; null where it is not installed. It is no server that a test must have: also with REQUIRE_SERVERS=1. */
export async function promtool(...args: string[]): Promise<{ ok: boolean; said: string } | null> {
  try {
    const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: ROOT })
    return { ok: true, said: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string }
    return code === 'ENOENT' ? null : { ok: false, said: stdout + stderr }
  }
}

export interface Prometheus extends AsyncDisposable {
  /** What it finds now. */
  query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>
  /** The alerts that its rules have raised, by name and state. */
  alerts(): Promise<string[]>
}

interface Answer {
  status: string
  data: { result: []; alerts: { labels: { alertname: string }; state: string }[] }
}

/** A real Prometheus with infra/prometheus, which finds each job at the given address and looks every second; null where none is installed. */
export async function startPrometheus(addresses: Record<string, string>): Promise<Prometheus | null> {
  const dir = await tempDir()
  const config = parse(read('infra/prometheus/prometheus.yml'))
  config.global = { scrape_interval: '1s', evaluation_interval: '1s' }
  for (const job of config.scrape_configs) {
    delete job.dns_sd_configs
    job.static_configs = [{ targets: [new URL(addresses[job.job_name] ?? '').host] }]
  }
  await mkdir(join(dir.path, 'data'))
  await writeFile(join(dir.path, 'prometheus.yml'), stringify(config))
  await writeFile(join(dir.path, 'alerts.yml'), read('infra/prometheus/alerts.yml'))
  const host = `127.0.0.1:${await freePort()}`
  const places = [`--config.file=${dir.path}/prometheus.yml`, `--storage.tsdb.path=${dir.path}/data`]
  const child = spawn(PROGRAM, [...places, `--web.listen-address=${host}`], { stdio: 'ignore' })
  const isThere = await once(child, 'spawn').then(
    () => true,
    () => false,
  )
  if (!isThere) {
    await dir[Symbol.asyncDispose]()
    return null
  }
  process.once('exit', () => child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const ask = async (path: string): Promise<Answer> => {
    const answer = (await (await fetch(`http://${host}/api/v1/${path}`)).json()) as Answer & { error?: string }
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`)
    return answer
  }
  await until(() => ask('query?query=1').then(Boolean, () => false))
  return {
    query: async (expression) => (await ask(`query?query=${encodeURIComponent(expression)}`)).data.result,
    alerts: async () => (await ask('alerts')).data.alerts.map(({ labels, state }) => `${labels.alertname} ${state}`),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      await dir[Symbol.asyncDispose]()
    },
  }
}
