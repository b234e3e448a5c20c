import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bareEnvironment, tempDir, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'

const source = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href)

// A process whose only path tells whether it drains, and which says on its way out when it stops.
const PROGRAM = `
import { Type } from '@sinclair/typebox'
import { run } from ${source('run.ts')}
import { createServer } from ${source('server.ts')}
const schema = Type.Object({
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 0 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
  LOG_DIR: Type.Optional(Type.String()),
})
await run('test', schema, async (_config, surroundings) => {
  const server = createServer(surroundings)
  server.get('/readyz', async (_request, reply) => reply.code(server.draining ? 503 : 200).send({}))
  server.get('/large', () => Buffer.alloc(2 ** 24))
  server.server.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n'))
  const greeting = (address) => 'listening at ' + address
  const said = (what) => async () => surroundings.log.info(what)
  return { server, greeting, start: async () => undefined, retire: said('retired'), stop: said('at rest') }
})`

/** One that waits for something, with timers alone that keep no process alive. */
const WAITING = PROGRAM.replace(
  '{\n  const server',
  `{
  await surroundings.clock.sleep(1)
  surroundings.log.info('waiting')
  await surroundings.clock.sleep(3_600_000, surroundings.stopping)
  const server`,
)

function start(t: Test, env: Record<string, string> = {}, program = PROGRAM) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    env: { ...bareEnvironment(), ...env },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said.text += chunk))
  return { child, said, exited: once(child, 'close').then(([code]) => code) }
}

async function listening(said: { text: string }): Promise<string> {
  const address = () => /listening at (http:[^"]+)/.exec(said.text)?.[1]
  await until(() => address() !== undefined)
  return address() ?? ''
}

t.test('at SIGTERM it is first not ready, then deaf, then at rest, and ends with status 0', async (t) => {
  const { child, said, exited } = start(t)
  const address = await listening(said)
  const agent = new Agent({ keepAlive: true })
  const ask = async () => {
    const [answer] = (await once(get(`${address}/readyz`, { agent }), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    return { status: answer.statusCode, connection: answer.headers.connection }
  }
  t.strictSame(await ask(), { status: 200, connection: 'keep-alive' })
  child.kill('SIGTERM')
  await until(() => said.text.includes('"retired"'))
  t.strictSame(await ask(), { status: 503, connection: 'close' })
  t.notMatch(said.text, /at rest/)
  t.equal(await exited, 0)
  await t.rejects(ask(), { code: 'ECONNREFUSED' })
  t.match(said.text, /"stopping"[\s\S]*"retired"[\s\S]*"at rest"[\s\S]*"stopped"/)
})

t.test('a stop that fails is told, and ends it with status 1', async (t) => {
  const failing = PROGRAM.replace("stop: said('at rest')", "stop: async () => { throw new Error('cannot be closed') }")
  const { child, said, exited } = start(t, {}, failing)
  await listening(said)
  child.kill('SIGTERM')
  t.equal(await exited, 1)
  t.match(said.text, /"level":60,[^\n]*cannot be closed[^\n]*"did not stop in order"/)
  t.notMatch(said.text, /"stopped"/)
})

t.test(
  'it waits for nobody who does not read, ask to the end, or ask at all, or who speaks another protocol',
  async (t) => {
    const { child, said, exited } = start(t)
    const { port, hostname } = new URL(await listening(said))
    const other = connect(Number(port), hostname).on('error', () => undefined)
    t.teardown(() => other.destroy())
    other.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')
    t.match(String(await once(other, 'data')), /^HTTP\/1.1 101/)
    for (const words of ['GET /large HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /readyz HTTP/1.1\r\nHo', '']) {
      const socket = connect(Number(port), hostname).on('error', () => undefined)
      t.teardown(() => socket.destroy())
      await once(socket, 'connect')
      socket.pause().write(words)
    }
    const seen = connect(Number(port), hostname)
    t.teardown(() => seen.destroy())
    seen.write('GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(seen, 'data')
    child.kill('SIGTERM')
    t.equal(await exited, 0)
    t.match(said.text, /"at rest"[\s\S]*"stopped"/)
  },
)

t.test('an answer that is under way is read to its end', async (t) => {
  const { child, said, exited } = start(t)
  const address = await listening(said)
  const [answer] = (await once(get(`${address}/large`, { agent: new Agent({ keepAlive: true }) }), 'response')) as [
    IncomingMessage,
  ]
  await once(answer, 'readable')
  child.kill('SIGTERM')
  const isDeaf = () =>
    new Promise<boolean>((resolve) => {
      get(`${address}/readyz`, (other) => void other.resume().once('close', () => resolve(false))).on('error', () =>
        resolve(true),
      )
    })
  await until(isDeaf)
  let bytes = 0
  for await (const chunk of answer) bytes += (chunk as Buffer).length
  t.equal(bytes, 2 ** 24)
  t.equal(await exited, 0)
})

t.test('a log directory that cannot be written ends it with status 2 and the reason alone', async (t) => {
  await using dir = await tempDir()
  const file = join(dir.path, 'file')
  writeFileSync(file, '')
  const { said, exited } = start(t, { LOG_DIR: join(file, 'logs') })
  t.equal(await exited, 2)
  t.match(said.text, /^the configuration is not valid:\n {2}LOG_DIR: ENOTDIR.*\n$/)
})

t.test('while it waits it stays, and a SIGTERM ends it at once with status 0', async (t) => {
  const { child, said, exited } = start(t, {}, WAITING)
  await until(() => said.text.includes('"waiting"'))
  child.kill('SIGTERM')
  t.equal(await exited, 0)
  t.match(said.text, /"stopping"[\s\S]*"stopped"/)
  t.notMatch(said.text, /cannot start/)
})
