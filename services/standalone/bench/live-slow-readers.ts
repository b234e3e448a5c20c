import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@crypto-signals/testing'
import type { Ask, Held } from './live-clients.ts'
import { hashOf } from './live-followers.ts'
import { type LiveSystem, rssMb, startLiveSystem } from './live-system.ts'
import { quantile, say } from './say.ts'

const [STUCK, SLOW, GOOD, CUT] = [200, 200, 15, 5]
const [FOR_MS, CUT_AT, BACK_AT, BATCH_ROWS] = [45_000, 20, 40, 20]

/** Who does not read is dropped, costs little until then, and nobody else notices; who comes back has no gap, or is told. */
export async function benchSlowReaders(ask: Ask, coins: number): Promise<void> {
  await using system = await startLiveSystem(coins)
  const [{ port }, path, before] = [system, '/api/stream?snapshot=true', rssMb()]
  await ask({ order: 'open', group: 'good', count: GOOD, port, path, pace: 'holds' })
  await ask({ order: 'open', group: 'cut', count: CUT, port, path, pace: 'holds' })
  await heldBy(system, ask, ['good', 'cut'])
  await ask({ order: 'open', group: 'stuck', count: STUCK, port, path, pace: 'never' })
  await ask({ order: 'open', group: 'slow', count: SLOW, port, path, pace: 'slow' })
  const seen = await flood(system, ask)
  const [held, state] = [await heldBy(system, ask, ['good', 'cut']), await stateOf(system)]
  await ask({ order: 'open', group: 'unknown', count: 1, port, path: '/api/stream?since=not-known', pace: 'holds' })
  const [unknown] = await heldBy(system, ask, ['unknown'])
  // Each began with the whole market, which is a reset.
  const wholeOf = held.filter(({ hash, resets }) => hash === state && resets === 1).length
  const lagMs = quantile(seen.lags, 0.99)
  report([
    [
      seen.goneMs <= 30_000,
      `${STUCK} that never read and ${SLOW} at 1 kB/s were closed after ${(seen.goneMs / 1_000).toFixed(1)} s`,
    ],
    [
      seen.bufferedBytes <= 2 ** 20,
      `a client had at most ${(seen.bufferedBytes / 1024).toFixed(0)} KiB waiting for it`,
    ],
    [lagMs <= 500, `the others had each batch within ${lagMs.toFixed(0)} ms, p99`],
    [seen.rssMb - before <= 128, `the process grew by ${(seen.rssMb - before).toFixed(0)} MB at most`],
    [
      wholeOf === GOOD + CUT,
      `${wholeOf} of ${GOOD + CUT} held what the server held, and those cut for ${BACK_AT - CUT_AT} batches went on where they were`,
    ],
    [
      unknown?.resets === 1 && unknown.hash === state,
      'who came with an unknown version was told so, and then everything',
    ],
  ])
}

interface Seen {
  lags: number[]
  /** When the last of those that do not read was gone; NaN if some were not. */
  goneMs: number
  bufferedBytes: number
  rssMb: number
}

/** Ten batches a second; some of the good clients are away for a while. */
async function flood(system: LiveSystem, ask: Ask): Promise<Seen> {
  const [startedAt, seen] = [
    performance.now(),
    { lags: [] as number[], goneMs: Number.NaN, bufferedBytes: 0, rssMb: 0 },
  ]
  for (let n = 0; performance.now() - startedAt < FOR_MS; n++) {
    if (n === CUT_AT) await ask({ order: 'cut', group: 'cut' })
    if (n === BACK_AT) await ask({ order: 'resume', group: 'cut' })
    const changed = await system.change(BATCH_ROWS)
    const count = n >= CUT_AT && n < BACK_AT ? GOOD : GOOD + CUT
    for (const lag of await ask<number[]>({ order: 'lags', ...changed, count })) seen.lags.push(lag)
    seen.bufferedBytes = Math.max(seen.bufferedBytes, ...[...system.sockets].map((socket) => socket.writableLength))
    seen.rssMb = Math.max(seen.rssMb, rssMb())
    const open = await system.figure('query_stream_clients{transport="sse"}')
    if (Number.isNaN(seen.goneMs) && open <= count) seen.goneMs = performance.now() - startedAt
    await sleep(100)
  }
  return seen
}

/** What the clients of some groups hold, once they are where the server is. */
async function heldBy(system: LiveSystem, ask: Ask, groups: string[]): Promise<Held[]> {
  const version = await system.version()
  const held: Held[] = []
  for (const group of groups) {
    const isThere = async () => (await ask<string[]>({ order: 'at', group })).every((id) => id === version)
    await until(isThere, { timeoutMs: 120_000 })
    held.push(...(await ask<Held[]>({ order: 'held', group })))
  }
  return held
}

async function stateOf({ port }: LiveSystem): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/export.ndjson`)
  return hashOf((await answer.text()).trimEnd().split('\n'))
}

function report(checks: [isGood: boolean, what: string][]): void {
  for (const [isGood, what] of checks) say(`${isGood ? 'pass' : 'FAIL'}: ${what}`)
  if (!checks.every(([isGood]) => isGood)) throw new Error('slow readers were not dealt with as they should be')
}
