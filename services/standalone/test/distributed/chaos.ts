import { isDeepStrictEqual, parseArgs } from 'node:util'
import { randomOf } from '@crypto-signals/testing'
import { distributedOutcome } from './distributed.ts'
import { startEngines } from './engines.ts'
import { singleOutcome } from './single.ts'
import { createTape } from './tape.ts'

const USAGE = `usage: chaos [--kills N] [--seed N] [--coins N]
  --kills  how often each service is killed with -9, 20 by default; one of scoring and one of alerting are frozen for 40 s, Redis and the database for 20 s;
           NATS, the database and Redis are killed and restarted once each
  --seed   chooses tape and faults, 1 by default
  --coins  coins on the tape, 120 by default`

const { kills, seed, coins } = options()
const engines = await startEngines()
if (typeof engines === 'string') fail(engines)
await using _engines = engines
// At each step about four faults.
const tape = createTape({ coins, steps: 2 + Math.ceil((kills * 5 + 7) / 4), seed })
say(`${coins} coins, ${tape.steps} steps, each of five services killed ${kills} times, seed ${seed}`)
const single = await singleOutcome(tape)
say(`one process: ${single.firings.length} firings`)
const began = performance.now()
const { outcome, served } = await distributedOutcome({
  tape,
  engines,
  kills,
  freeze: true,
  random: randomOf(seed),
  say,
})
say(
  `ten processes: ${outcome.firings.length} firings, ${served.signals} signals, in ${((performance.now() - began) / 1_000).toFixed(0)} s`,
)
const differing = (['quotes', 'signals', 'history', 'alerts', 'firings'] as const).filter(
  (what) => !isDeepStrictEqual(outcome[what], single[what]),
)
for (const what of differing) {
  const index = single[what].findIndex((row, at) => !isDeepStrictEqual(row, outcome[what][at]))
  say(
    `${what} differ, first at ${index}:\n${JSON.stringify(single[what][index])}\n${JSON.stringify(outcome[what][index])}`,
  )
}
say(differing.length === 0 ? 'the same, bit for bit' : 'NOT the same')
process.exitCode = differing.length === 0 ? 0 : 1

function options() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '20' },
        seed: { type: 'string', default: '1' },
        coins: { type: 'string', default: '120' },
      },
    })
    const [kills, seed, coins] = [Number(values.kills), Number(values.seed), Number(values.coins)]
    if (!Number.isInteger(kills) || !Number.isInteger(seed) || !Number.isInteger(coins) || kills < 0 || coins < 1)
      throw new Error('not a number')
    return { kills, seed, coins }
  } catch {
    return fail(USAGE)
  }
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
