import { type MarketReplay, randomOf, until } from '@crypto-signals/testing'
import type { Product } from '../product.ts'
import type { Tape } from './tape.ts'

/** A running system, and the market that it watches. */
interface Stage {
  ask: Product['ask']
  market: MarketReplay
  tape: Tape
}

/**
 * Plays a tape to its end, each step once all coins of the one before are scored; alerts are set at some of them. `during`
 * goes on beside each step. Tells the ids of the alerts, in the order in which they were set.
 */
export async function play(stage: Stage, during: (step: number) => Promise<void> = async () => {}): Promise<string[]> {
  const { market, tape } = stage
  const alertIds: string[] = []
  for (let step = 0; step < tape.steps; step++) {
    market.rows = tape.rows(step)
    await Promise.all([during(step), scored(stage, step)])
    // What was going on beside may have ended after the coins were scored.
    await scored(stage, step)
    if (step % SET_EVERY === 0 && step < tape.steps - 1) alertIds.push(...(await setAlerts(stage, step)))
  }
  return alertIds
}

/** Settings under which a system follows the tape; it sees a step after `sweepSeconds` at the latest. */
export const tapeSettings = (market: MarketReplay, sweepSeconds: number) => ({
  MARKET_SOURCES: 'coingecko',
  COINGECKO_URL: market.url,
  COINGECKO_PER_MINUTE: '1000000',
  SWEEP_INTERVAL_SECONDS: String(sweepSeconds),
  TOP_INTERVAL_SECONDS: '2592000',
  RATE_LIMIT_PER_MINUTE: '1000000000',
  LOG_LEVEL: 'info',
})

const SET_EVERY = 4
const SCORED_WITHIN_MS = 600_000

/** Waits until each coin's signals are those of the step. */
async function scored({ ask, tape }: Stage, step: number): Promise<void> {
  const isScored = async () => {
    for (let page = 1; page <= Math.ceil(tape.coinIds.length / 100); page++) {
      const { status, body } = await ask(`/api/signals?timeframe=SCALPING&sort=rank&limit=100&page=${page}`)
      if (status !== 200 || body.pagination.total_items !== tape.coinIds.length) return false
      for (const { coinId, observedAt } of body.data) if (observedAt !== tape.observedAt(step, coinId)) return false
    }
    return true
  }
  await until(isScored, { timeoutMs: SCORED_WITHIN_MS })
}

const TYPES = ['price_above', 'price_below', 'change_above', 'change_below', 'score_above', 'score_below']

/** An alert of each type on some coins, at what they show now: about half of them fire at each step. */
async function setAlerts({ ask, tape }: Stage, step: number): Promise<string[]> {
  const random = randomOf(step + 1)
  const rows = tape.rows(step)
  const alertIds: string[] = []
  for (let index = 0; index < ALERTS; index++) {
    const row = rows[Math.floor(random() * rows.length)] ?? {}
    const type = [...TYPES, 'action_changed', 'strong_signal'][index % 8] ?? ''
    const threshold = type.startsWith('price') ? Number(row.current_price) : type.startsWith('score') ? 50 : 0
    const settings = TYPES.includes(type) ? { threshold } : {}
    alertIds.push(await setAlert(ask, { coinId: row.id, alertType: type, settings }))
  }
  return alertIds
}

const ALERTS = 40

async function setAlert(ask: Product['ask'], alert: object): Promise<string> {
  const { status, body } = await ask('/api/alerts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
  })
  if (status !== 201) throw new Error(`not set: ${status} ${JSON.stringify(body)} for ${JSON.stringify(alert)}`)
  return body.data.alertId
}
