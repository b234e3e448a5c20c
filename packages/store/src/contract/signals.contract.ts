import { manyScoredCoins, scoredCoinOf } from '@crypto-signals/testing'
import * as fc from 'fast-check'
import type { Guarantee } from './guarantee.contract.ts'
import { at, deliveries, newestOf, type Observation, rowsOf } from './observations.contract.ts'

export function signalsContract(guarantee: Guarantee): void {
  guarantee('gives signals back as they were saved', async (t, { store, open }) => {
    const coins = manyScoredCoins(50)
    await store.signals.save(coins)
    await store[Symbol.asyncDispose]()
    const reopened = await open()
    const ordered = coins.toSorted((a, b) => (a.coinId < b.coinId ? -1 : 1))
    for (const size of [1, 7, 50, 1000]) t.strictSame(await rowsOf(reopened.signals.all(size)), ordered)
  })

  guarantee(
    'gives the signals of the coins asked for, of each once, and leaves out those it lacks',
    async (t, { store }) => {
      await store.signals.save(['a', 'b', `c'"[],`, '猫'].map((coinId) => scoredCoinOf({ coinId })))
      const of = async (...coinIds: string[]) => (await store.signals.of(coinIds)).map(({ coinId }) => coinId).sort()
      t.strictSame(await of('猫', 'a', 'none', 'a', `c'"[],`), ['a', `c'"[],`, '猫'])
      t.strictSame(await of('none'), [])
      t.strictSame(await of(), [])
      t.strictSame(await of(...Array.from({ length: 40_000 }, (_, index) => `coin-${index}`), 'b'), ['b'])
    },
  )

  guarantee(
    'keeps the newest signals of each coin, in whatever order and however often they come',
    async (t, { store }) => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(deliveries, async (batches) => {
          const id = run++
          const scored = ({ coin, observed, received }: Observation) =>
            scoredCoinOf({
              coinId: `${id} ${coin}`,
              name: `${observed} ${received}`,
              observedAt: at(observed),
              updatedAt: at(received),
            })
          for (const batch of batches) await store.signals.save(batch.map(scored))
          for (const coin of newestOf(batches).map(scored)) t.strictSame(await store.signals.of([coin.coinId]), [coin])
        }),
        { numRuns: 50 },
      )
    },
  )

  guarantee('leaves signals alone when others of the same times come', async (t, { store }) => {
    await store.signals.save([scoredCoinOf({ finalScore: 10 })])
    await store.signals.save([scoredCoinOf({ finalScore: 90 })])
    t.strictSame(await store.signals.of(['bitcoin']), [scoredCoinOf({ finalScore: 10 })])
  })

  guarantee('saves a batch of signals as a whole or not at all', async (t, { store }) => {
    const unwritable = scoredCoinOf({ coinId: 'b', finalScore: 50, price: 1n as unknown as number })
    await t.rejects(store.signals.save([scoredCoinOf({ coinId: 'a' }), unwritable, scoredCoinOf({ coinId: 'c' })]))
    await t.rejects(store.signals.save([scoredCoinOf({ coinId: 'a' }), { ...scoredCoinOf(), signals: [] }]))
    t.strictSame(await rowsOf(store.signals.all(10)), [])
    await store.signals.save([scoredCoinOf({ coinId: 'a' })])
    t.strictSame(await rowsOf(store.signals.all(10)), [scoredCoinOf({ coinId: 'a' })])
  })

  guarantee(
    'meets the signals of each coin once, though signals are written between the batches',
    async (t, { store }) => {
      const coins = manyScoredCoins(20)
      await store.signals.save(coins)
      const met: string[] = []
      for await (const batch of store.signals.all(3)) {
        met.push(...batch.map(({ coinId }) => coinId))
        await store.signals.save([scoredCoinOf({ coinId: `a${met.length}` })])
      }
      t.strictSame(met, coins.map(({ coinId }) => coinId).sort())
    },
  )
}
