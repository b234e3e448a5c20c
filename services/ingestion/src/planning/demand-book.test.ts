import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { createDemandBook } from './demand-book.ts'

const MINUTE = 60_000

/** Prices by coin: how old they are, and how they moved within an hour. */
function demandOf(coins: Record<string, { ageMs?: number; movedPct?: number; contracts?: number }>) {
  const clock = new FakeClock()
  const start = clock.now()
  const demand = createDemandBook({
    clock,
    priceOf: (coinId) => {
      const ageMs = coins[coinId]?.ageMs
      return ageMs === undefined ? null : { priceUsd: 100, observedAtMs: start - ageMs, sources: 1 }
    },
    priceAt: (coinId) => 100 / (1 + (coins[coinId]?.movedPct ?? 0) / 100),
    contractsOf: (coinId) =>
      Array.from({ length: coins[coinId]?.contracts ?? 0 }, () => ({ platform: 'ethereum', address: '0x1' })),
  })
  demand.learn(Object.keys(coins))
  return { clock, demand }
}

t.test(
  'the stalest: held in alerts, looked at, moving, then by age, never priced before all of its kind',
  async (t) => {
    const old = { ageMs: 20 * MINUTE }
    const { demand } = demandOf({
      fresh: { ageMs: MINUTE },
      quiet: old,
      never: {},
      older: { ageMs: 90 * MINUTE },
      up: { ...old, movedPct: 5.1 },
      down: { ...old, movedPct: -6 },
      looked: old,
      held: old,
      heldToo: { ageMs: 30 * MINUTE },
    })
    demand.hold(['held', 'heldToo', 'gone'])
    demand.look(['looked', 'fresh'])
    t.strictSame(demand.stalest(99, 12 * MINUTE), [
      'heldToo',
      'held',
      'looked',
      'down',
      'up',
      'never',
      'older',
      'quiet',
    ])
    t.strictSame(demand.stalest(2, 12 * MINUTE), ['heldToo', 'held'])
    t.strictSame(demand.stalest(9, 12 * MINUTE, ['quiet', 'older', 'fresh']), ['older', 'quiet'])
    t.strictSame(demand.stalest(9, 100 * MINUTE), ['never'])
  },
)

t.test(
  'urgent are listed coins held or looked at that nobody keeps fresh; a look is forgotten after ten minutes',
  async (t) => {
    const { clock, demand } = demandOf({
      held: { ageMs: 2 * MINUTE },
      streamed: { ageMs: 1_000 },
      looked: { ageMs: MINUTE },
      other: { ageMs: 50 * MINUTE },
    })
    demand.hold(['held', 'streamed', 'not-listed'])
    demand.look(['looked'])
    t.strictSame(demand.urgent(10), ['held', 'looked'])
    t.strictSame(demand.urgent(1), ['held'])
    await clock.advance(9 * MINUTE)
    demand.look(['other'])
    await clock.advance(2 * MINUTE)
    t.strictSame(demand.urgent(10), ['held', 'streamed', 'other'])
  },
)

t.test(
  'ids are in their order, and tokens are the coins with a contract, as long as the list is the same',
  async (t) => {
    const { demand } = demandOf({ b: { contracts: 1 }, a: { contracts: 2 }, c: {} })
    t.strictSame(demand.ids(), ['a', 'b', 'c'])
    t.strictSame(demand.tokens(), ['a', 'b'])
    demand.learn(['c', 'b'])
    t.strictSame(demand.tokens(), ['b'])
  },
)
