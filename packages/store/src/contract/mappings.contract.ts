import type { Mapping } from '../store.ts'
import type { Guarantee } from './guarantee.contract.ts'
import { at, batchesOf, rowsOf } from './observations.contract.ts'

export function mappingsContract(guarantee: Guarantee): void {
  guarantee('gives mappings back as they were saved, by source and key, in batches', async (t, { store, open }) => {
    const ordered = [
      mappingOf({ source: 'gate', key: 'B_USDT' }),
      mappingOf({ source: 'gate', key: 'a b:c"\\' }),
      mappingOf({ source: 'gate', key: '猫', multiplier: 1e6, confidence: 0.1 + 0.2 }),
      mappingOf({ source: 'gate-x', key: 'A', dropped: { at: at(3), reason: 'a price of its own' } }),
      mappingOf({ source: 'gateio', key: 'A' }),
    ]
    await store.mappings.save(ordered.toReversed())
    await store.mappings.save([])
    await store[Symbol.asyncDispose]()
    const { mappings } = await open()
    for (const size of [1, 2, 5, 100]) {
      const batches = await batchesOf(mappings.all(size))
      t.ok(batches.every(({ length }) => length > 0 && length <= size))
      t.strictSame(batches.flat(), ordered)
    }
  })

  guarantee('keeps of a source and key what was saved last', async (t, { store: { mappings } }) => {
    await mappings.save([mappingOf({ dropped: { at: at(1), reason: '' } }), mappingOf({ source: 'beta' })])
    const news = [mappingOf({ coinId: 'other' }), mappingOf({ coinId: 'last', lastSeenAt: at(9) })]
    await mappings.save(news)
    t.strictSame(await rowsOf(mappings.all(10)), [news[1], mappingOf({ source: 'beta' })])
  })

  guarantee('saves as many mappings as there are', async (t, { store: { mappings } }) => {
    const key = (index: number) => String(index).padStart(4, '0')
    const many = Array.from({ length: 1_200 }, (_, index) => mappingOf({ key: key(index) }))
    await mappings.save(many)
    t.strictSame(await rowsOf(mappings.all(500)), many)
  })
}

/** A valid mapping. */
export const mappingOf = (overrides: Partial<Mapping> = {}): Mapping => ({
  source: 'alpha',
  key: 'BTCUSDT',
  coinId: 'bitcoin',
  method: 'pairs',
  confidence: 1,
  multiplier: 1,
  firstSeenAt: at(1),
  lastSeenAt: at(2),
  dropped: null,
  ...overrides,
})
