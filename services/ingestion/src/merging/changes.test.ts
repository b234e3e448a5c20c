import { CHANGE_SPANS, type ChangeSpan, type Changes } from '@crypto-signals/contracts'
import * as fc from 'fast-check'
import t from 'tap'
import { changesWith, START } from '../../test/sightings.ts'
import { changesOf, type SaidChanges } from './changes.ts'
import { BARS } from './said.ts'

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]

const SPAN_MS: Record<ChangeSpan, number> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '14d': 14 * DAY_MS,
  '30d': 30 * DAY_MS,
  '200d': 200 * DAY_MS,
  '1y': 365 * DAY_MS,
}

const NEAREST_MS: Record<ChangeSpan, number> = {
  '1h': HOUR_MS / 4,
  '24h': 8 * HOUR_MS,
  '7d': 42 * HOUR_MS,
  '14d': 84 * HOUR_MS,
  '30d': 180 * HOUR_MS,
  '200d': 50 * DAY_MS,
  '1y': 91.25 * DAY_MS,
}

const saidOf = (observedAtMs: number, priceUsd: number | null, known: Partial<Changes>, source = 'coingecko') =>
  ({ source, observedAtMs, priceUsd, changePct: changesWith(known) }) satisfies SaidChanges

const nothing = () => null

t.test('what a source told with the price in use stands to the last digit', (t) => {
  const percent = fc.double({ min: -100, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(percent, fc.double({ min: 0, max: 1e30, noNaN: true }), (told, priceUsd) => {
      const said = [saidOf(START, priceUsd, { '1h': told, '7d': told })]
      const now = changesOf({ priceUsd, observedAtMs: START }, said, (atMs) => ({ priceUsd: 1, atMs }))
      t.ok(now.changePct['1h'] === told && now.changePct['7d'] === told)
    }),
  )
  t.end()
})

t.test('a change that was told follows the price', (t) => {
  const said = [saidOf(START, 100, { '24h': 25, '7d': -50 })]
  const later = changesOf({ priceUsd: 120, observedAtMs: START + HOUR_MS }, said, nothing)
  t.match(later, { changePct: { '24h': 50, '7d': -40, '14d': null }, by: { source: 'coingecko', observedAtMs: START } })
  const [same] = [changesOf({ priceUsd: 90, observedAtMs: START }, said, nothing)]
  t.match(same, { changePct: { '24h': 12.5, '7d': -55 } }, 'also where another source told it at that moment')
  t.end()
})

t.test('a change of no known price gives way to bars, and where they tell nothing stands for a while', (t) => {
  const said = [saidOf(START, null, { '24h': 25 }), saidOf(START - 1, 0, { '7d': 5 }, 'coinpaprika')]
  const price = { priceUsd: 120, observedAtMs: START + HOUR_MS }
  t.match(changesOf(price, said, nothing).changePct, { '24h': 25, '7d': 5 })
  const known = changesOf(price, said, (atMs) => ({ priceUsd: 100, atMs: atMs - 7 * HOUR_MS }))
  t.match(known, { changePct: { '1h': null, '24h': 20, '7d': 20 }, by: { source: BARS } })
  t.end()
})

// No price moves faster here, so how far a change is off tells how far its reference was.
const STEEPEST_PER_MS = 1e-3 / MINUTE_MS

const wave = fc.record({
  everyMs: fc.integer({ min: HOUR_MS, max: 400 * DAY_MS }),
  phase: fc.double({ min: 0, max: 6.3, noNaN: true }),
})
const market = fc.array(wave, { minLength: 1, maxLength: 4 }).map((waves) => {
  const steepest = STEEPEST_PER_MS / waves.length
  const sway = ({ everyMs, phase }: { everyMs: number; phase: number }, atMs: number) => {
    const turns = (2 * Math.PI) / everyMs
    return Math.min(steepest / turns, 1) * Math.sin(turns * atMs + phase)
  }
  return (atMs: number) => Math.exp(waves.reduce((sum, one) => sum + sway(one, atMs), 0))
})

t.test(
  'a change is as near to the truth as the nearer of what was told and of bars, and null where both are far',
  (t) => {
    const some = fc.record({
      market,
      agoMs: fc.oneof(fc.integer({ min: 0, max: 30 * MINUTE_MS }), fc.integer({ min: 0, max: 100 * DAY_MS })),
      barAgoMs: fc.option(
        fc.oneof(fc.integer({ min: 0, max: 30 * MINUTE_MS }), fc.integer({ min: 0, max: 2 * DAY_MS })),
      ),
      told: fc.subarray([...CHANGE_SPANS]),
    })
    fc.assert(
      fc.property(some, ({ market: priceOf, agoMs, barAgoMs, told }) => {
        const toldAt = START - agoMs
        const percent = (span: ChangeSpan) => (priceOf(toldAt) / priceOf(toldAt - SPAN_MS[span]) - 1) * 100
        const said = [saidOf(toldAt, priceOf(toldAt), Object.fromEntries(told.map((span) => [span, percent(span)])))]
        const barAt = (atMs: number) => ({ priceUsd: priceOf(atMs - (barAgoMs ?? 0)), atMs: atMs - (barAgoMs ?? 0) })
        const price = { priceUsd: priceOf(START), observedAtMs: START }
        const now = changesOf(price, said, (atMs) => (barAgoMs === null ? null : barAt(atMs)))
        for (const span of CHANGE_SPANS) {
          const offs = [...(told.includes(span) ? [agoMs] : []), ...(barAgoMs === null ? [] : [barAgoMs])]
          const offMs = Math.min(...offs)
          const change = now.changePct[span]
          t.equal(change === null, offs.length === 0 || offMs > NEAREST_MS[span], `${span} off by ${offMs}`)
          if (change === null) continue
          const truth = price.priceUsd / priceOf(START - SPAN_MS[span])
          const mayBeOff = truth * Math.expm1(STEEPEST_PER_MS * offMs) + 1e-7
          t.ok(Math.abs(1 + change / 100 - truth) <= mayBeOff, `${span} is ${change}`)
        }
      }),
      { numRuns: 500 },
    )
    t.end()
  },
)
