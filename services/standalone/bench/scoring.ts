import { join } from 'node:path'
import { openBus } from '@crypto-signals/bus'
import { systemClock } from '@crypto-signals/clock'
import { MAX_BATCH_ROWS, partitionOf, type Quote } from '@crypto-signals/contracts'
import { captureLog, manyQuotes, until } from '@crypto-signals/testing'
import { addressesOf, startEngines } from '../test/distributed/engines.ts'
import { freePort, listening, startProduct } from '../test/product.ts'
import { say } from './say.ts'

const COINS = 17_000
const REPLICAS = [1, 2, 4]

/** Coins scored a second by one, two and four replicas, from the first quote published to the last signal told. */
export async function benchScoring(): Promise<void> {
  const engines = await startEngines()
  if (typeof engines === 'string') return say(`skipped, ${engines}`)
  await using _engines = engines
  const { log } = captureLog()
  await using bus = await openBus({ url: engines.nats.url, clock: systemClock, log })
  const settings = {
    MARKET_SOURCES: 'coingecko',
    ...addressesOf(engines),
    LOG_LEVEL: 'warn',
  }
  let told = 0
  await bus.consume('signals', { group: 'bench', delivery: 'each' }, async ({ rows }) => {
    told += rows.length
  })
  let one = 0
  for (const [round, replicas] of REPLICAS.entries()) {
    const program = [process.execPath, join(import.meta.dirname, '../../scoring/src/main.ts')]
    const products = await Promise.all(
      Array.from({ length: replicas }, async () =>
        startProduct({ ...settings, PORT: String(await freePort()) }, program),
      ),
    )
    for (const product of products) await listening(product)
    told = 0
    const at = performance.now()
    for (const event of eventsOf(round)) await bus.publish('quotes', event)
    await until(() => told >= COINS, { timeoutMs: 300_000 })
    const rate = COINS / ((performance.now() - at) / 1_000)
    one ||= rate
    say(
      `${replicas} replica${replicas === 1 ? ' ' : 's'}  ${rate.toFixed(0).padStart(6)} coins/s  ${(rate / one).toFixed(2)}`,
    )
    for (const product of products) await product[Symbol.asyncDispose]()
  }
}

/** The whole market as quotes events, newer in each round. */
function eventsOf(round: number) {
  const observedAt = new Date(Date.now() - 60_000 + round * 1_000).toISOString()
  const quotes = manyQuotes(COINS, 5).map((quote): Quote => ({ ...quote, observedAt, receivedAt: observedAt }))
  return [...Map.groupBy(quotes, ({ coinId }) => partitionOf(coinId))].flatMap(([partition, rows]) =>
    Array.from({ length: Math.ceil(rows.length / MAX_BATCH_ROWS) }, (_, part) => ({
      id: `bench:${round}:${observedAt}:${partition}:${part}`,
      partition,
      rows: rows.slice(part * MAX_BATCH_ROWS, (part + 1) * MAX_BATCH_ROWS),
    })),
  )
}
