import { until } from '@crypto-signals/testing'
import { madeUpRows } from '../test/market-rows.ts'
import { say } from './say.ts'
import { ONE_OF_EACH, type System, startDistributed, startEmbedded } from './system.ts'

const COINS = 17_000

/** From the first call to all coins scored and visible. */
export async function benchSweep(): Promise<void> {
  const rows = madeUpRows(COINS, 9)
  const settings = { SWEEP_INTERVAL_SECONDS: '86400' }
  let floorS: number
  {
    await using embedded = await startEmbedded(rows, settings)
    floorS = await sweptAfterS(embedded)
    say(`one process, embedded engines            ${floorS.toFixed(1)} s`)
  }
  const distributed = await startDistributed(rows, ONE_OF_EACH, settings)
  if (typeof distributed === 'string') return say(`five processes: skipped, ${distributed}`)
  await using _system = distributed
  const seconds = await sweptAfterS(distributed)
  say(
    `five processes, NATS, MongoDB, Redis     ${seconds.toFixed(1)} s, ${(seconds / floorS).toFixed(1)} times as long`,
  )
}

async function sweptAfterS({ ask, market }: System): Promise<number> {
  await until(() => market.requests.length > 0, { timeoutMs: 30_000 })
  const at = market.requests[0]?.at ?? 0
  const scored = async () => (await ask('/api/signals/stats')).body?.data?.overview.totalCoins === COINS
  await until(scored, { timeoutMs: 300_000 })
  return (Date.now() - at) / 1_000
}
