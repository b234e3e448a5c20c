import { until } from '@crypto-signals/testing'
import { madeUpRows, type Row } from '../test/market-rows.ts'
import { quantile, say } from './say.ts'
import { ONE_OF_EACH, type System, startDistributed, startEmbedded } from './system.ts'

const COINS = 250
const SAMPLES = 100

/** From an answer of the source received to its signal visible at the gateway. */
export async function benchLatency(): Promise<void> {
  say(`${COINS} coins an answer, ${SAMPLES} answers; visible: GET /api/signals/coin/:coinId tells of it`)
  {
    await using embedded = await startEmbedded(rowsAt(0))
    report('one process, embedded engines', await latenciesOf(embedded))
  }
  const distributed = await startDistributed(rowsAt(0), ONE_OF_EACH)
  if (typeof distributed === 'string') return say(`five processes: skipped, ${distributed}`)
  await using _system = distributed
  report('five processes, NATS, MongoDB, Redis', await latenciesOf(distributed))
}

async function latenciesOf({ ask, market }: System): Promise<number[]> {
  const latencies: number[] = []
  for (let sample = 1; sample <= SAMPLES; sample++) {
    const rows = rowsAt(sample)
    // Somewhere in the batch, another place each time.
    const { id, current_price: price } = rows[(sample * 7) % COINS] ?? {}
    const asked = market.requests.length
    market.rows = rows
    await until(() => market.requests.length > asked)
    const at = performance.now()
    await until(async () => (await ask(`/api/signals/coin/${String(id)}`)).body?.data?.price === price, {
      timeoutMs: 30_000,
    })
    latencies.push(performance.now() - at)
  }
  return latencies
}

const BASE = madeUpRows(COINS, 3)
const rowsAt = (sample: number): Row[] =>
  BASE.map((row, index) => ({
    ...row,
    current_price: 1 + index + sample / 1_000,
    last_updated: new Date(Date.now() - 1_000).toISOString(),
  }))

const report = (name: string, latencies: number[]) =>
  say(
    `${name.padEnd(40)} p50 ${quantile(latencies, 0.5).toFixed(0).padStart(4)} ms  p99 ${quantile(latencies, 0.99).toFixed(0).padStart(4)} ms`,
  )
