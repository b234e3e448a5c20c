import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Cache } from '@crypto-signals/cache'
import { createMetrics, createServer } from '@crypto-signals/service'
import { captureLog, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { STREAM_PATH } from '../live-paths.ts'
import { limitRequests } from './limits.ts'
import { limitStreams } from './streams.ts'

/** A door whose counts come when the test says so, and how many streams it takes for open. */
async function door(t: Test) {
  const { log, lines } = captureLog()
  const app = createServer({ log, metrics: createMetrics() })
  const counting: (() => void)[] = []
  const counted = () => {
    const { promise, resolve } = Promise.withResolvers<{ count: number; resetMs: number }>()
    counting.push(() => resolve({ count: 1, resetMs: 60_000 }))
    return promise
  }
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers['x-leaves'] !== undefined) request.raw.socket.destroy()
    done()
  })
  await limitRequests(app, { increment: counted } as unknown as Cache, 600)
  const streams = { open: 0, asked: 0 }
  limitStreams(app, {
    perAddress: 2,
    origins: '*',
    meter: { opened: () => streams.open++, closed: () => streams.open--, refused: () => undefined },
  })
  app.get(STREAM_PATH, async (_request, reply) => {
    streams.asked++
    reply.hijack().raw.write('x')
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const ask = async (headers = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    t.teardown(() => socket.destroy())
    const [accepted] = await Promise.all([once(app.server, 'connection'), once(socket, 'connect')])
    socket.write(`GET ${STREAM_PATH} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
    return accepted[0] as Socket
  }
  return { ask, counting, streams, lines }
}

t.test('who goes while he is counted holds no stream, and nobody works for him', async (t) => {
  const { ask, counting, streams } = await door(t)
  for (let caller = 0; caller < 5; caller++) {
    const accepted = await ask()
    await until(() => counting.length === 1)
    accepted.destroy()
    await once(accepted, 'close')
    counting.pop()?.()
  }
  await ask()
  await until(() => counting.length === 1)
  counting.pop()?.()
  await until(() => streams.asked > 0)
  t.strictSame(streams, { open: 1, asked: 1 }, 'the next finds a place')
})

t.test('who has gone before he is looked at is no failure, and is not counted', async (t) => {
  const { ask, counting, streams, lines } = await door(t)
  const accepted = await ask('x-leaves: true\r\n')
  await once(accepted, 'close')
  await ask()
  await until(() => counting.length === 1)
  t.equal(streams.asked, 0)
  t.strictSame(
    lines.filter(({ level }) => level >= 40),
    [],
  )
})
