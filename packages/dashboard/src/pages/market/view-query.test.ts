import * as fc from 'fast-check'
import t from 'tap'
import { ACTIONS, SORTS, TIMEFRAMES } from '../../market/protocol.ts'
import { addressOf, choiceIn, FIRST_CHOICE, horizonIn, queryOf, RANKS, VOLUMES_USD } from './view-query.ts'

t.test('every choice can be read back from the address that it makes', async (t) => {
  const choice = fc.record(
    {
      sort: fc.constantFrom(...SORTS),
      descending: fc.boolean(),
      actions: fc.subarray([...ACTIONS]),
      search: fc.string({ maxLength: 64, unit: 'binary-ascii' }),
      sure: fc.boolean(),
      maxRank: fc.constantFrom(null, ...RANKS),
      minVolumeUsd: fc.constantFrom(null, ...VOLUMES_USD),
      starred: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  fc.assert(fc.property(choice, (made) => t.strictSame(choiceIn(queryOf(made)), made)))
})

t.test('the first choice needs no query, and what an address says wrong counts as not said', async (t) => {
  t.equal(queryOf(FIRST_CHOICE), '')
  t.strictSame(choiceIn('?sort=drop&order=up&actions=all,,&sure=1&starred=yes&rank=7&volume=1e4&x=y'), FIRST_CHOICE)
  t.equal(choiceIn(`?q=${'x'.repeat(1_000)}`).search.length, 64)
})

t.test('an address says the horizon where what it shows depends on it', async (t) => {
  for (const horizon of TIMEFRAMES) {
    for (const choice of [
      { sort: 'score' as const, descending: true },
      { actions: ['BUY' as const] },
      { sure: true },
    ]) {
      const address = addressOf({ ...FIRST_CHOICE, ...choice }, horizon)
      t.equal(horizonIn(address), horizon, address)
      t.strictSame(choiceIn(address), { ...FIRST_CHOICE, ...choice })
    }
    t.equal(addressOf(FIRST_CHOICE, horizon), '')
    t.equal(addressOf({ ...FIRST_CHOICE, search: 'x' }, horizon), '?q=x')
  }
  t.equal(horizonIn('?timeframe=yearly'), null)
})
