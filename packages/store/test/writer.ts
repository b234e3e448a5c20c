/** Writes into the store of a directory, round after round, and prints what the store has acknowledged, until it is killed. */
import { writeSync } from 'node:fs'
import { alertOf, quoteOf, scoredCoinOf } from '@crypto-signals/testing'
import { coinScoresOf } from '../src/contract/scores.contract.ts'
import { openStore } from '../src/index.ts'

const [, , dataDir = '', file = ''] = process.argv
const { alerts, budgets, quotes, scores, signals } = await openStore({ dataDir, file })

const alert = alertOf()
if ((await alerts.get(alert.alertId)) === null) {
  await alerts.create({ alert, version: 0, seen: null, lastAction: null })
}
const acknowledged = (what: string, count: number) => writeSync(1, `${what} ${count}\n`)
const coinIds = Array.from({ length: 20 }, (_, coin) => `coin-${coin}`)

for (let round = 1 + ((await alerts.get(alert.alertId))?.version ?? 0); ; round++) {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, 0, round)).toISOString()
  const sparkline = Array.from({ length: 168 }, () => round)
  await quotes.save(
    coinIds.map((coinId) => quoteOf({ coinId, priceUsd: round, sparkline, observedAt: at, receivedAt: at })),
  )
  acknowledged('quotes', round)

  await signals.save(coinIds.map((coinId) => scoredCoinOf({ coinId, price: round, observedAt: at, updatedAt: at })))
  acknowledged('signals', round)

  await scores.save(coinIds.map((coinId) => coinScoresOf({ coinId }, [round])))
  acknowledged('scores', round)

  await alerts.advance({ alert, version: round, seen: null, lastAction: null }, firing(round, at))
  acknowledged('firings', round)

  await budgets.reserve('alpha', Date.parse(at), { perMinute: 1_000_000, perMonth: null })
  acknowledged('calls', (await budgets.usage('alpha', Date.parse(at))).monthUsed)
}

function firing(sequence: number, triggeredAt: string) {
  const { alertId, coinId, alertType, settings } = alert
  const triggerId = `0196a000-0000-7000-8000-${String(sequence).padStart(12, '0')}`
  const evidence = { price: sequence, score: null, observedAt: triggeredAt }
  return {
    triggerId,
    alertId,
    sequence,
    coinId,
    alertType,
    settings,
    isTriggered: true as const,
    triggeredAt,
    evidence,
  }
}
