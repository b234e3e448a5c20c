import { gunzipSync } from 'node:zlib'
import { FakeClock, manyQuotes, scoredCoinOf } from '@crypto-signals/testing'
import t from 'tap'
import { countedMarket } from '../../test/counted-market.ts'
import { createRowFilter } from '../read-model/row-filter.ts'
import { tableOf } from './compressed.ts'
import { createExports } from './exports.ts'

function openExports() {
  const { market, made } = countedMarket(manyQuotes(50))
  const exports = createExports(market, new FakeClock())
  const whole = { format: 'csv', filter: createRowFilter(market, {}) } as const
  const changed = (minChange: number) => ({ format: 'csv', filter: createRowFilter(market, { minChange }) }) as const
  return { market, exports, made, whole, changed }
}

const STAYING = new AbortController().signal
const MANY = Array.from({ length: 60 }, (_, i) => i)

t.test('nothing is made for callers who asked and left, and nobody waits for it', async (t) => {
  const { exports, made, whole, changed } = openExports()
  const callers = MANY.map(() => new AbortController())
  const asked = callers.map(({ signal }, i) => exports.of(changed(i), signal))
  for (const caller of callers) caller.abort()
  const other = exports.of(changed(1), STAYING)
  t.ok(await exports.of(whole, STAYING))
  t.ok(await other, 'the places of those gone are free')
  t.strictSame(
    await Promise.all(asked),
    MANY.map(() => undefined),
  )
  t.equal(made.begun, 3, 'that of the first, who was there when it began, and these two')
})

t.test(
  'an export of the whole market, or its beginning, is begun at once however many wait with a filter',
  async (t) => {
    const { exports, made, whole, changed } = openExports()
    const asked = MANY.map((i) => exports.of(changed(i), STAYING))
    t.equal(made.begun, 1)
    const atOnce = [exports.of(whole, STAYING), exports.of({ ...whole, limit: 10 }, STAYING)]
    t.equal(made.begun, 3)
    t.ok((await Promise.all(atOnce)).every((exported) => exported !== undefined))
    const answers = await Promise.all(asked)
    t.equal(answers.filter((exported) => exported !== undefined).length, 17, 'one that is made, and 16 that wait')
  },
)

t.test('equal exports that are asked for at the same time are made once, as long as one caller stays', async (t) => {
  const { market, exports, made, changed } = openExports()
  const [first, leaver] = [exports.of(changed(1), STAYING), new AbortController()]
  const left = exports.of(changed(0), leaver.signal)
  const stayed = exports.of(changed(0), STAYING)
  leaver.abort()
  t.equal(await left, undefined)
  market.load({ scored: [scoredCoinOf({ coinId: 'coin-1' })] })
  market.refresh()
  const later = exports.of(changed(1), STAYING)
  const versions = (await Promise.all([first, stayed, later])).map((exported) => exported?.version)
  t.strictSame([versions[0] === market.version, ...versions.slice(1)], [false, market.version, market.version])
  t.equal(made.begun, 3, 'what is of another version is another')
  const again = await exports.of(changed(0), STAYING)
  t.strictSame([made.begun, again && gunzipSync(again.gzip).length], [4, again?.length], 'nor is it kept')
})

t.test('a table that nobody waits for any more is not gone on with', async (t) => {
  const [left, reason] = [new AbortController(), new Error('gone')]
  const table = tableOf(Buffer.from('not even read\n'), left.signal)
  left.abort(reason)
  await t.rejects(table, reason)
})
