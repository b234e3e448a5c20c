import { captureLog, FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { createAccount } from './account.ts'

const answerOf = (from: number, count: number) => ({
  receivedAt: 0,
  rows: [],
  repeated: 0,
  faults: Array.from({ length: count }, (_, index) => ({ reason: 'price: missing', id: `coin-${from + index}` })),
})

t.test('of bad rows each is logged once, and no more than twenty an hour', async (t) => {
  const [clock, { log, lines }] = [new FakeClock(), captureLog()]
  const account = createAccount({ source: 'gate', metrics: undefined, log, clock })
  const told = () => lines.splice(0).map(({ msg }) => msg)
  account(answerOf(0, 3))
  account(answerOf(0, 3))
  t.equal(told().length, 3)
  account(answerOf(100, 30))
  const [more, bad] = [told(), 'bad row: price: missing']
  t.strictSame(more, [...Array(17).fill(bad), 'and more bad rows, not told of for an hour'])
  account(answerOf(200, 30))
  t.strictSame(told(), [])
  await clock.advance(3_600_000)
  account(answerOf(300, 2))
  t.strictSame(told(), [bad, bad])
})
