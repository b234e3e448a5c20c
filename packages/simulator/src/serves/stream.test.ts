import { once } from 'node:events'
import { FakeClock } from '@crypto-signals/testing'
import t from 'tap'
import { WebSocket } from 'ws'
import { type Fault, startSimulator } from '../index.ts'

/** A listener to the stream, and what it has heard. */
const listening = async ({ faults = [] as Fault[], autoPong = true } = {}) => {
  const clock = new FakeClock()
  const simulator = await startSimulator({ clock, coins: 1_000, faults })
  const socket = new WebSocket(`${simulator.streamUrl}/binance/!miniTicker@arr`, { autoPong })
  return {
    clock,
    simulator,
    socket,
    /** Lets a second pass, and resolves with what came of it. */
    async second(): Promise<Frame> {
      const came = once(socket, 'message')
      await clock.advance(1_000)
      return JSON.parse(String((await came)[0]))
    },
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await simulator[Symbol.asyncDispose]()
    },
  }
}

type Frame = { e: string; s: string; c: string; E: number }[]

t.test('tells each second what traded in it, which is never all there is, at the true price', async (t) => {
  await using stream = await listening()
  await once(stream.socket, 'open')
  const pairs = stream.simulator.meanings('binance')
  const frames = [await stream.second(), await stream.second(), await stream.second()]
  const seen = frames.map((frame) => frame.map(({ s }) => s))
  t.ok(seen.every((symbols) => symbols.length > 0 && symbols.length < pairs.size && symbols.includes('BTCUSDT')))
  t.not(seen[0]?.join(), seen[1]?.join())
  const bitcoin = frames[2]?.find(({ s }) => s === 'BTCUSDT')
  t.equal(bitcoin?.E, stream.clock.now())
  const truth = stream.simulator.truePrice('bitcoin', stream.clock.now()) ?? 0
  t.ok(Math.abs(Number(bitcoin?.c) / truth - 1) < 0.01)
})

t.test('rests while nobody listens', async (t) => {
  await using stream = await listening()
  await once(stream.socket, 'open')
  await stream.second()
  t.equal(stream.clock.sleeping, 1)
  stream.socket.close()
  await once(stream.socket, 'close')
  await stream.clock.advance(2_000)
  t.equal(stream.clock.sleeping, 0)
})

t.test('hangs up on who does not answer pings', async (t) => {
  await using deaf = await listening({ autoPong: false })
  await once(deaf.socket, 'open')
  const gone = once(deaf.socket, 'close')
  for (let second = 0; second < 85; second++) await deaf.clock.advance(1_000)
  t.equal((await gone)[0], 1008)
})

t.test('hangs up on everybody after 24 h, and says so ten minutes before', async (t) => {
  const clock = jumpingClock()
  await using simulator = await startSimulator({ clock, coins: 100 })
  const socket = new WebSocket(`${simulator.streamUrl}/binance/!miniTicker@arr`)
  await once(socket, 'open')
  const told = once(socket, 'message')
  clock.jump(86_400_000 - 600_000)
  t.match(String((await told)[0]), /serverShutdown/)
  const closed = once(socket, 'close')
  clock.jump(600_000)
  t.equal((await closed)[0], 1001)
})

/** A clock of which whole hours pass at once. */
const jumpingClock = () => {
  let now = new FakeClock().now()
  let wake = () => {}
  return {
    now: () => now,
    sleep: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
    jump(ms: number) {
      now += ms
      wake()
    },
  }
}

t.test('an outage ends the connections there are, and lets nobody in', async (t) => {
  const start = new FakeClock().now()
  const faults: Fault[] = [
    { source: 'binance', kind: 'outage', answer: 'error', fromMs: start + 1_000, toMs: start + 9_000 },
  ]
  await using stream = await listening({ faults })
  await once(stream.socket, 'open')
  const closed = once(stream.socket, 'close')
  await stream.clock.advance(1_000)
  await closed
  const again = new WebSocket(`${stream.simulator.streamUrl}/binance/!miniTicker@arr`)
  await t.rejects(once(again, 'open'), Error)
})
