import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@crypto-signals/testing'
import { say } from './say.ts'
import { type StreamSystem, startStreamSystem } from './stream-system.ts'
import { createStreamedMarket, type StreamedMarket } from './streamed-market.ts'

const [LISTED, STREAMED] = [17_000, 1_500]
const [QUOTES_A_SECOND, MESSAGES_A_SECOND] = [5_000, 10]

/** What a flood of prices from exchange streams costs the whole flow, in one process: nothing may be lost, and memory must stay flat. */
export async function benchStreams({ seconds }: { seconds: number }): Promise<void> {
  const market = createStreamedMarket(LISTED, STREAMED)
  await using system = await startStreamSystem(market, LISTED)
  const { counts } = system
  say(`${LISTED} coins known, ${STREAMED} of them streamed: ${QUOTES_A_SECOND} prices a second for ${seconds} s`)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const [cpu, before, takenBefore] = [process.cpuUsage(), { ...counts }, await system.takenIn()]
  delay.enable()
  const received = await flood(market.say, seconds)
  delay.disable()
  const { user, system: kernel } = process.cpuUsage(cpu)
  const published = counts.published - before.published
  const scored = counts.scored - before.scored
  const takenIn = (await system.takenIn()) - takenBefore
  await system.stopSources()
  const lost = await lostOf(market, system)
  say(
    `received ${received}, taken in ${takenIn}; published ${published}, scored ${scored}: each coin every ten seconds`,
  )
  say(`coins whose last price did not arrive: ${lost.length}`)
  say(`CPU ${((user + kernel) / 1e4 / seconds).toFixed(0)} % of a core, the making of the prices among it`)
  say(`event loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, at most ${(delay.max / 1e6).toFixed(0)} ms`)
  if (lost.length > 0 || takenIn < received) throw new Error(`prices were lost: ${lost.slice(0, 5).join(', ')}`)
}

/** Hands prices over at an even rate, and tells of the memory each minute; resolves with how many. */
async function flood(speak: (count: number) => void, seconds: number): Promise<number> {
  const messages = seconds * MESSAGES_A_SECOND
  const perMessage = QUOTES_A_SECOND / MESSAGES_A_SECOND
  const startedAt = performance.now()
  for (let message = 0; message < messages; message++) {
    if (message % (60 * MESSAGES_A_SECOND) === 0) sayMemory(message / MESSAGES_A_SECOND)
    speak(perMessage)
    const nextAt = startedAt + ((message + 1) * 1_000) / MESSAGES_A_SECOND
    await sleep(Math.max(0, nextAt - performance.now()))
  }
  sayMemory(seconds)
  return messages * perMessage
}

function sayMemory(second: number): void {
  const { rss, heapUsed, external } = process.memoryUsage()
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`.padStart(7)
  say(`after ${String(second).padStart(4)} s: RSS ${mb(rss)}, heap ${mb(heapUsed)}, external ${mb(external)}`)
}

/** Coins of whose last price no answer tells. */
async function lostOf({ prices }: StreamedMarket, { priceOf }: StreamSystem): Promise<string[]> {
  const lost: string[] = []
  for (const [coinId, price] of prices)
    await until(async () => (await priceOf(coinId)) === price).catch(() => lost.push(coinId))
  return lost
}
