import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDir, until } from '@crypto-signals/testing'
import { madeUpRows } from '../test/market-rows.ts'
import { freePort } from '../test/product.ts'
import { load, median, type Round, randomPaths } from './load.ts'
import { say } from './say.ts'
import { ONE_OF_EACH, startDistributed } from './system.ts'

const [COINS, ROUNDS] = [17_000, 5]

/** What a hop costs: the gateway's answer from its cache and from query-api, and nginx before the same query-api. */
export async function benchHops(): Promise<void> {
  const system = await startDistributed(madeUpRows(COINS, 9), ONE_OF_EACH, { SWEEP_INTERVAL_SECONDS: '86400' })
  if (typeof system === 'string') return say(`skipped, ${system}`)
  await using _system = system
  await until(async () => (await system.ask('/api/signals/stats')).body?.data?.overview.totalCoins === COINS, {
    timeoutMs: 300_000,
  })
  const [queryApi = ''] = system.addresses['query-api']
  await using nginx = await startNginx(queryApi)
  const random = randomPaths(2_000)
  const contestants = [
    { name: 'query-api itself, random filters', url: queryApi, paths: random },
    { name: 'gateway, random filters', url: system.url, paths: random },
    { name: 'gateway, first page again and again', url: system.url, paths: ['/api/signals'] },
    ...(nginx.url === null ? [] : [{ name: 'nginx without a cache, random filters', url: nginx.url, paths: random }]),
  ]
  if (nginx.url === null) say('nginx: skipped, it is not on the PATH')
  const rounds = contestants.map((): Round[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { url, paths }] of contestants.entries()) rounds[index]?.push(await load(url, paths))
  }
  const results = rounds.map(median)
  say(`${'64 connections, median of 5 rounds of 3 s'.padEnd(42)}  req/s  share  p99 ms`)
  for (const [index, { requestsPerSecond, p99Ms }] of results.entries()) {
    const name = contestants[index]?.name ?? ''
    const share = requestsPerSecond / (results[0]?.requestsPerSecond ?? 1)
    say(
      `${name.padEnd(42)} ${requestsPerSecond.toFixed(0).padStart(6)} ${share.toFixed(2).padStart(6)} ${String(p99Ms).padStart(7)}`,
    )
  }
}

/** An nginx that only passes requests on; its url is null where there is none. */
async function startNginx(upstream: string): Promise<{ url: string | null } & AsyncDisposable> {
  const dir = await tempDir()
  const port = await freePort()
  await writeFile(join(dir.path, 'nginx.conf'), configOf(dir.path, port, new URL(upstream).host))
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  const child: ChildProcess = spawn('nginx', ['-p', dir.path, '-c', 'nginx.conf'], { stdio: 'ignore', env })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const url = `http://127.0.0.1:${port}`
  const isUp = await Promise.race([
    until(() => fetch(url).then(Boolean, () => false)).then(() => true),
    ended.then(() => false),
  ])
  return {
    url: isUp ? url : null,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      await dir[Symbol.asyncDispose]()
    },
  }
}

const configOf = (dir: string, port: number, upstream: string) => `
daemon off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  upstream query { server ${upstream}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://query; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`
