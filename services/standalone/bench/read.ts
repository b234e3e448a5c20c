import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, median, type Round, randomPaths } from './load.ts'
import { say } from './say.ts'

const ROUNDS = 5
const dir = mkdtempSync(join(tmpdir(), 'bench-'))
const children: ChildProcess[] = []

/** How fast the whole market is read, against a bare server and against the beginner's way. */
export async function benchRead(): Promise<void> {
  try {
    await contest()
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Runs all contestants in turn, round by round, so that a machine that grows slower does so for all of them. */
async function contest(): Promise<void> {
  const product = await startProduct()
  say(`RSS with the whole market: ${await rssMb(product)} MB`)
  const page = Buffer.from(await (await fetch(`${product}/api/signals?limit=50`)).arrayBuffer())
  writeFileSync(join(dir, 'page.json'), page)
  writeFileSync(join(dir, 'rows.json'), JSON.stringify(await allRows(product)))
  const paths = randomPaths(1_000)
  const contestants = [
    {
      name: `bare node:http, constant ${(page.length / 1024).toFixed(1)} KB buffer`,
      url: await start('bare-server.ts', 'page.json'),
      paths: ['/'],
    },
    { name: 'GET /api/signals, random filters, public port', url: product, paths },
    { name: 'GET /api/signals, first page again and again', url: product, paths: ['/api/signals'] },
    { name: 'GET /api/signals, page 340 again and again', url: product, paths: ['/api/signals?page=340'] },
    { name: 'Express, filter and sort the same rows', url: await start('express-server.ts', 'rows.json'), paths },
  ]
  const rounds = contestants.map((): Round[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { url, paths }] of contestants.entries()) rounds[index]?.push(await load(url, paths))
  }
  report(contestants.map(({ name }, index) => ({ name, ...median(rounds[index] ?? []) })))
}

function report(results: (Round & { name: string })[]): void {
  const floor = results[0]?.requestsPerSecond ?? 1
  say(`\n${'64 connections, median of 5 rounds of 3 s'.padEnd(52)}  req/s    share  p50 ms  p99 ms`)
  for (const { name, requestsPerSecond, p50Ms, p99Ms } of results) {
    const share = (requestsPerSecond / floor).toFixed(3)
    say(
      `${name.padEnd(52)} ${requestsPerSecond.toFixed(0).padStart(6)} ${share.padStart(8)} ${String(p50Ms).padStart(7)} ${String(p99Ms).padStart(7)}`,
    )
  }
}

/** The whole product on a simulated market, with everything switched on, once every coin is scored. */
async function startProduct(): Promise<string> {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const main = join(import.meta.dirname, '..', 'src', 'main.ts')
  const settings = {
    MARKET_SOURCES: 'simulator',
    RATE_LIMIT_PER_MINUTE: '1000000000',
    LOG_LEVEL: 'warn',
    SWEEP_INTERVAL_SECONDS: '86400',
    TOP_INTERVAL_SECONDS: '86400',
  }
  children.push(
    fork(main, {
      execArgv: ['--optimize-for-size'],
      env: { ...process.env, ...settings, PORT: String(port), DATA_DIR: join(dir, 'data'), LOG_DIR: join(dir, 'logs') },
    }),
  )
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  for (;;) {
    const health = await fetch(`${url}/api/health`).then(
      (answer) => answer.json(),
      () => ({ status: 'starting' }),
    )
    if (health.status === 'OK') break
    if (performance.now() - began > 120_000)
      throw new Error(`not healthy after 120 s: ${JSON.stringify(health.reasons ?? health)}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  say(`all coins scored ${((performance.now() - began) / 1000).toFixed(1)} s after the start of the process`)
  return url
}

function start(file: string, data: string): Promise<string> {
  const child = fork(join(import.meta.dirname, file), [join(dir, data)])
  children.push(child)
  return new Promise((resolve) =>
    child.once('message', (address) => resolve(`http://127.0.0.1:${(address as AddressInfo).port}`)),
  )
}

async function rssMb(url: string): Promise<number> {
  const health = (await (await fetch(`${url}/api/health`)).json()) as { memory: { rssBytes: number } }
  return Math.round(health.memory.rssBytes / 2 ** 20)
}

async function allRows(url: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for (const timeframe of ['SCALPING', 'DAY_TRADING', 'SWING_TRADING', 'LONG_TERM']) {
    for (let page = 1; ; page++) {
      const answer = await fetch(`${url}/api/signals?timeframe=${timeframe}&limit=100&page=${page}`)
      const { data, pagination } = (await answer.json()) as { data: unknown[]; pagination: { total_pages: number } }
      rows.push(...data)
      if (page >= pagination.total_pages) break
    }
  }
  return rows
}
