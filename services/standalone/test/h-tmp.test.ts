import { randomOf } from '@crypto-signals/testing'
import t from 'tap'
import { SERVICES } from './h-tmp/cluster.ts'
import { distributedOutcome } from './h-tmp/distributed.ts'
import { startEngines } from './h-tmp/engines.ts'
import { singleOutcome } from './h-tmp/single.ts'
import { createTape } from './h-tmp/tape.ts'

const KILLS = 2

t.test('ten processes, killed again and again, end a tape of market answers exactly like one', async (t) => {
  const engines = await startEngines()
  if (typeof engines === 'string') {
    t.pass('needs the servers', { skip: engines })
    return
  }
  await using _engines = engines
  const tape = createTape({ coins: 60, steps: 9, seed: 4 })
  const single = await singleOutcome(tape)
  t.ok(single.firings.length > 20, `${single.firings.length} firings`)
  t.ok(single.history.flat().length > 50, `${single.history.flat().length} points of history`)

  const say = (line: string) => t.comment(line)
  const { outcome, kills, served } = await distributedOutcome({ tape, engines, kills: KILLS, random: randomOf(2), say })
  for (const service of SERVICES) t.equal(kills[service], KILLS, `${service} was killed ${KILLS} times`)
  for (const what of ['quotes', 'signals', 'history', 'alerts', 'firings'] as const) {
    t.equal(outcome[what].length, single[what].length, `as many ${what}`)
    for (const [index, row] of single[what].entries()) if (!t.strictSame(outcome[what][index], row, what)) break
  }
  t.strictSame(served, { signals: tape.coinIds.length * 4, firings: single.firings.length }, 'and callers are told so')
})
