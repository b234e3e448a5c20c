import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENTS } from '@crypto-signals/contracts'
import { NATS_SERVER_MISSING, startNatsServer, until } from '@crypto-signals/testing'
import { Value } from '@sinclair/typebox/value'
import t, { type Test } from 'tap'
import { changeOf, quotesOf } from '../../test/events.ts'
import { openOn } from '../../test/rig.ts'

const FOLDER = join(import.meta.dirname, '../..')

/** The row of the README that says what a consumer of one's own may publish to, and may listen to. */
const [, permissions = ''] =
  /^\| a consumer of your own \| (.*) \|$/m.exec(readFileSync(join(FOLDER, 'README.md'), 'utf8')) ?? []
const allowed = [...permissions.matchAll(/`([^`]+)`/g)].map(([, subject = '']) => subject.replace('<stream>', '*'))

const config = `accounts { all { jetstream: enabled, users: [
  { user: admin, password: secret }
  { user: narrow, password: secret, permissions: { subscribe: "_INBOX_narrow.>", publish: "nothing" } }
  { user: reader, password: secret, permissions: { subscribe: "_INBOX_reader.>", publish: ${JSON.stringify(allowed)} } }
] } }`

const server = await startNatsServer({ config })
t.teardown(() => server?.[Symbol.asyncDispose]())
const urlFor = (user: string) => server?.url.replace('nats://', `nats://${user}:secret@`) ?? ''

function start(t: Test, url: string, args: string[]) {
  const program = join(FOLDER, 'examples/consume.ts')
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, NATS_URL: url } })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** How long an event that was handed to a reader stays its own, as the README says. */
const ACK_WAIT_MS = 30_000

/** What the example says before it gives up. */
async function refusal(t: Test, url: string, ...args: string[]): Promise<string> {
  const child = start(t, url, args)
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  t.equal((await once(child, 'close'))[0], 1)
  return said
}

/** The example as its reader runs it, as a user who may do no more than the README says. */
async function consume(t: Test, ...args: string[]) {
  const child = start(t, urlFor('reader'), args)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += String(chunk)))
  child.stderr.on('data', (chunk) => (said.err += String(chunk)))
  await until(() => said.err.includes('consuming')).catch(() => t.fail(said.err))
  return {
    events: () =>
      said.out
        .split('\n')
        .slice(0, -1)
        .map((line): { subject: string; id: string } => JSON.parse(line)),
    async stop(signal: NodeJS.Signals) {
      child.kill(signal)
      return (await once(child, 'exit'))[0] as number | null
    },
  }
}

t.test('the example consumer', { skip: server === null && NATS_SERVER_MISSING }, async (t) => {
  await using system = await openOn({ url: urlFor('admin') })
  const { bus } = system

  await t.test('prints what is published from then on, as its schema says', async (t) => {
    await bus.publish('quotes', quotesOf('before', 3))
    const example = await consume(t, 'market.quotes.*')
    await bus.publish('quotes', quotesOf('one', 3))
    await bus.publish('quotes', quotesOf('two', 5))
    await bus.publish('alert-changes', changeOf('other'))
    await until(() => example.events().length === 2)
    const { subject, ...event } = example.events()[0] ?? { subject: 'none' }
    t.equal(subject, 'market.quotes.3')
    t.ok(Value.Check(EVENTS.quotes.schema, event))
    t.strictSame(
      example.events().map(({ id }) => id),
      ['one', 'two'],
    )
    t.equal(await example.stop('SIGINT'), 0)
  })

  await t.test('misses nothing while it is away, when it has a name', async (t) => {
    await bus.publish('alert-changes', changeOf('a'))
    const first = await consume(t, 'alerts.changed', '--durable', 'my-app')
    await until(() => first.events().at(-1)?.id === 'a')
    await first.stop('SIGKILL')
    await bus.publish('alert-changes', changeOf('b'))
    const second = await consume(t, 'alerts.changed', '--durable', 'my-app')
    // A server that had not yet noticed that the first is dead handed it to that one, and waits for its acknowledgement.
    await until(() => second.events().at(-1)?.id === 'b', { timeoutMs: 2 * ACK_WAIT_MS })
    t.notOk(
      second
        .events()
        .slice(0, -1)
        .some(({ id }) => id === 'b'),
    )
    t.equal(await second.stop('SIGTERM'), 0)
  })

  await t.test('says in one line what is wrong and what to do', async (t) => {
    const foreign = urlFor('nobody')
    const nowhere = 'nats://127.0.0.1:1'
    for (const [url, subject, line] of [
      [
        urlFor('reader'),
        'simulated.signals.scored.*',
        /^there is no stream SIMULATED_SIGNALS .*leave out "simulated\."/,
      ],
      [urlFor('reader'), 'none.such', /^there is no stream NONE .*"simulated\." before the subject/],
      [urlFor('narrow'), 'alerts.changed', /^ALERTS may not be consumed as narrow: .*README/],
      [foreign, 'alerts.changed', /refuses to be used as nobody/],
      [nowhere, 'alerts.changed', /^no answer from 127\.0\.0\.1:1: set NATS_URL/],
    ] as const) {
      const said = await refusal(t, url, subject)
      t.match(said, line)
      t.match(said, /^[^\n]+\n$/, 'one line')
    }
  })
})
