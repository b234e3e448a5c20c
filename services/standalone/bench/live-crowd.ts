import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './live-clients.ts'
import { heldMb, rssMb, startLiveSystem } from './live-system.ts'
import { quantile, say } from './say.ts'

interface Crowd {
  coins: number
  clients: number
  batches: number
  batchRows: number
}

/** What streams cost, and how soon each of them has each batch. */
export async function benchCrowd(ask: Ask, { coins, clients, batches, batchRows }: Crowd): Promise<void> {
  await using system = await startLiveSystem(coins)
  const [group, { port }, empty] = ['crowd', system, heldMb()]
  await ask({ order: 'open', group, count: clients, port, path: '/api/stream', pace: 'counts' })
  await sleep(1_000)
  const each = (mb: number) => `${((mb * 1024) / clients).toFixed(1)} kB a client`
  const open = heldMb()
  say(`held with ${coins} coins ${mb(empty)}; with the streams ${mb(open)}, ${each(open - empty)}; RSS ${mb(rssMb())}`)
  const [lags, cpu, startedAt] = [[] as number[], process.cpuUsage(), performance.now()]
  for (let n = 0; n < batches; n++) {
    const changed = await system.change(batchRows)
    for (const lag of await ask<number[]>({ order: 'lags', ...changed, count: clients })) lags.push(lag)
  }
  const [seconds, { user, system: kernel }] = [(performance.now() - startedAt) / 1_000, process.cpuUsage(cpu)]
  const [rss, after] = [rssMb(), heldMb()]
  // One more with the version at which the stream began.
  const whole = (await ask<number[]>({ order: 'ids', group })).filter((ids) => ids === batches + 1).length
  say(
    `${batches} batches of ${batchRows} coins in ${seconds.toFixed(1)} s: ${whole} of ${clients} clients got each of them`,
  )
  say(`lag p50 ${ms(quantile(lags, 0.5))}, p99 ${ms(quantile(lags, 0.99))}, at most ${ms(quantile(lags, 1))}`)
  say(
    `${((user + kernel) / 1e3 / batches).toFixed(0)} ms of CPU a batch; held then ${mb(after)}, ${each(after - empty)}; RSS ${mb(rss)}`,
  )
  await ask({ order: 'cut', group })
  if (whole < clients) throw new Error('a batch did not reach all')
}

const mb = (value: number) => `${value.toFixed(0)} MB`
const ms = (value: number) => `${value.toFixed(0)} ms`
