import t from 'tap'
import { type FakeSource, fakeBase, fakeSource } from '../../test/fake-source.ts'
import { openSite } from '../../test/planning-site.ts'

const HOUR = 3_600_000
const sweep = { name: 'sweep', resumable: true, calls: 3, bestEveryMs: HOUR }

t.test('credits are counted as calls cost them, over a restart too, and a month is never overspent', async (t) => {
  const { clock, plan, store, statusOf } = await openSite(t)
  const limits = { perMinute: 30, perMonth: 1_000, minGapMs: 0 }
  const made = () =>
    fakeSource({ name: 'coinmarketcap', clock, limits, polls: [{ name: 'pages', calls: 4, credits: 25, share: 0.9 }] })
  let calls = 0
  for (const runMs of [HOUR, 4 * 86_400_000, 20 * 86_400_000]) {
    const source = made()
    const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
    await planner.start()
    await clock.advance(runMs)
    await planner.stop()
    calls += source.asked.length
  }
  t.equal((await store.budgets.usage('coinmarketcap', clock.now())).monthUsed, calls * 25)
  t.ok(calls * 25 <= 900 && calls >= 24, `${calls * 25} credits in 24 days`)
  t.match(await statusOf('coinmarketcap'), { budget: { perMonth: 1_000, monthLeft: 1_000 - calls * 25 } })
})

t.test('a restart asks no round again whose month bears it only later, and knows what was well before', async (t) => {
  const { clock, plan, statusOf } = await openSite(t)
  const limits = { perMinute: 30, perMonth: 10_000, minGapMs: 0 }
  const made = () => {
    const base = fakeBase({ name: 'coingecko', clock, coins: 1, limits, polls: [{ ...sweep, calls: 70, share: 0.7 }] })
    const pages = fakeSource({
      name: 'coinmarketcap',
      clock,
      limits,
      polls: [{ name: 'pages', calls: 2, credits: 25 }],
    })
    return { base, pages }
  }
  const first = made()
  let coins = 5
  const known = () => ({ coins, heldBack: 0 })
  const before = plan([first.base, first.pages], { known })
  await before.start()
  await clock.advance(HOUR / 2)
  await before.stop()
  const sweepsOf = ({ asked }: FakeSource) => asked.filter((what) => what.startsWith('sweep:0 ')).length
  t.equal(sweepsOf(first.base), 1)

  const second = made()
  coins = 0
  const after = plan([second.base, second.pages], { known })
  await after.start()
  await clock.advance(5_000)
  t.match(await statusOf('coinmarketcap'), { state: 'ok', coins: 5 })
  await clock.advance(6 * HOUR)
  t.equal(sweepsOf(second.base), 0, 'nine in ten of a month bear a sweep every seven hours')
  await clock.advance(2 * HOUR)
  t.equal(sweepsOf(second.base), 1)
  await after.stop()
})

t.test(
  'what a feed wants besides its rounds is made out of the reserve, as long as calls that fail have theirs',
  async (t) => {
    const { clock, plan, store } = await openSite(t)
    const limits = { perMinute: 30, perMonth: 1_000, minGapMs: 0 }
    const asked: string[] = []
    const callOf = (label: string) => ({
      label,
      credits: 1,
      target: { all: true } as const,
      ask: async () => {
        asked.push(label)
        return { receivedAt: clock.now(), rows: [], faults: [], repeated: 0 }
      },
    })
    const feed = {
      name: 'stalest',
      bestEveryMs: 20 * 60_000,
      share: 0.5,
      round: () => [callOf('first')],
      more: () => Array.from({ length: 9 }, (_, index) => callOf(`more ${index}`)),
    }
    const source = fakeSource({ name: 'coinlore', clock, limits, polls: [feed] })
    const planner = plan([fakeBase({ name: 'coingecko', clock, coins: 1, polls: [sweep] }), source])
    await planner.start()
    await clock.advance(HOUR)
    t.ok(asked.length >= 10, `${asked.length}`)
    t.strictSame(asked.slice(0, 3), ['first', 'more 0', 'more 1'])
    await clock.advance(30 * 24 * HOUR - 2 * HOUR)
    await planner.stop()
    const firsts = asked.filter((label) => label === 'first').length
    t.ok(firsts >= 0.94 * 500 * (30 / 31), `${firsts} rounds: what is made besides makes them no rarer`)
    const { monthUsed } = await store.budgets.usage('coinlore', clock.now())
    t.ok(monthUsed > 900 && monthUsed <= 970, `${monthUsed} credits`)
  },
)
