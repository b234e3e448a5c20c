import { alertOf, captureLog, manyQuotes, quoteOf, until } from '@crypto-signals/testing'
import t, { type Test } from 'tap'
import { CALL_WINDOW_MS } from '../budget-times.ts'
import { rowsOf } from '../contract/observations.contract.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { call } from './call.ts'
import { openMongoStore } from './mongodb-store.ts'
import { mongoForTests } from './test/mongo.ts'

const { server, skip, freshDatabase } = await mongoForTests({ stoppable: true })

// Far less than the defaults, so that an outage is over quickly.
const LIMITS = { serverSelectionTimeoutMs: 400, socketTimeoutMs: 400 }
const CALL_LIMIT_MS = 10_000

t.test(
  'while the server is gone calls fail within their limits; then they work, and nothing acknowledged is lost',
  { skip },
  async (t) => {
    const { log, lines } = captureLog()
    await using store = await openMongoStore({ url: freshDatabase(), log, ...LIMITS })
    const quotes = manyQuotes(5)
    await store.quotes.save(quotes)
    await store.alerts.create({ alert: alertOf(), version: 0, seen: null, lastAction: null })
    await store.budgets.reserve('alpha', START, { perMinute: 1, perMonth: null })
    await server.kill()
    await allFail(t, store)
    await until(() => lines.some(({ msg }) => msg === 'MongoDB server lost'))
    const lost = lines.find(({ msg }) => msg === 'MongoDB server lost')
    t.match(lost, { level: 40, address: /^127/, reason: /./ })

    await server.restart()
    await until(() =>
      store.ping().then(
        () => true,
        () => false,
      ),
    )
    for (const quote of quotes) t.strictSame(await store.quotes.get(quote.coinId), quote)
    t.equal(await store.alerts.count(), 1)
    t.strictSame(await store.budgets.reserve('alpha', START, { perMinute: 1, perMonth: null }), {
      granted: false,
      retryAt: START + CALL_WINDOW_MS,
    })
    t.ok(lines.filter(({ msg }) => msg === 'MongoDB server found').length >= 2)
  },
)

t.test(
  'while the server stands still calls fail within their limits, and work again when it goes on',
  { skip },
  async (t) => {
    const { log } = captureLog()
    await using store = await openMongoStore({ url: freshDatabase(), log, ...LIMITS })
    await store.quotes.save(manyQuotes(1))
    await server.freeze()
    await allFail(t, store)
    server.thaw()
    await until(() =>
      store.ping().then(
        () => true,
        () => false,
      ),
    )
    await store.quotes.save([quoteOf({ coinId: 'after' })])
    t.equal((await store.quotes.get('after'))?.coinId, 'after')
  },
)

t.test('a call that is never answered ends at its limit', async (t) => {
  const never = new Promise(() => {})
  const message = 'the database did not answer within 20 ms'
  await t.rejects(
    call(() => never, 20),
    { code: 'STORE_UNAVAILABLE', statusCode: 503, message },
  )
})

t.test('a connection that ends in the middle of a call is an outage too, and an error of our own is not', async (t) => {
  const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' })
  await t.rejects(
    call(() => Promise.reject(ended)),
    { code: 'STORE_UNAVAILABLE', cause: ended },
  )
  const ours = new TypeError('no')
  await t.rejects(
    call(() => Promise.reject(ours)),
    ours,
  )
})

t.test('a server that is not there is reported in time', async (t) => {
  const { log } = captureLog()
  const url = 'mongodb://us3r:s3cr3t@127.0.0.1:1/x'
  const error = await openMongoStore({ url, log, ...LIMITS }).catch((error: StoreError) => error)
  t.match(error, { name: 'StoreError', code: 'STORE_UNAVAILABLE', message: /ECONNREFUSED/ })
  t.notMatch(everythingIn(error), /s3cr3t/)
})

t.test('a wrong password is told as such, and no error or log line ever holds it', { skip }, async (t) => {
  const { log, lines } = captureLog()
  const url = freshDatabase().replace('//', '//us3r:s3cr3t@')
  const error = await openMongoStore({ url, log, ...LIMITS }).catch((error: StoreError) => error)
  t.match(error, { code: 'STORE_MISCONFIGURED', message: 'the database does not accept the user or the password' })
  t.notMatch(everythingIn(error), /s3cr3t/)
  t.ok(lines.length > 0)
  t.notMatch(JSON.stringify(lines), /s3cr3t|us3r/)
})

t.test('a malformed address is refused without being shown', async (t) => {
  const { log, lines } = captureLog()
  const malformed = [
    '',
    'redis://us3r:s3cr3t@localhost',
    'mongodb://us3r:s3cr3t@',
    'mongodb://us3r:s3@cr3t@localhost/x',
    'mongodb://us3r:s3/cr3t@localhost/x',
    'mongodb://us3r:s3%cr3t@localhost/x',
    'mongodb://us3r:s3cr3t@localhost:99999/x',
    'mongodb://us3r:s3cr3t@localhost/a.b',
    'mongodb://us3r:s3cr3t@localhost/x?s3cr3t=1',
  ]
  for (const url of malformed) {
    const error = await openMongoStore({ url, log, ...LIMITS }).then(
      () => t.fail(url),
      (error: StoreError) => error,
    )
    t.match(error, { name: 'StoreError', code: 'STORE_MISCONFIGURED', message: /is malformed/ }, url)
    t.notMatch(everythingIn(error), /s3|cr3t|us3r/)
  }
  t.strictSame(lines, [])
})

const START = Date.parse(quoteOf().observedAt)

async function allFail(t: Test, store: Store): Promise<void> {
  const calls: Record<string, () => Promise<unknown>> = {
    ping: () => store.ping(),
    save: () => store.quotes.save([quoteOf()]),
    get: () => store.quotes.get('bitcoin'),
    all: () => rowsOf(store.quotes.all(10)),
    unpublished: () => store.alerts.unpublished(10),
    reserve: () => store.budgets.reserve('beta', START, { perMinute: 1, perMonth: null }),
    sweep: () => store.sources.sweep('alpha'),
  }
  const started = performance.now()
  const errors = await Promise.all(
    Object.values(calls).map((use) =>
      use().then(
        () => null,
        (error: unknown) => error,
      ),
    ),
  )
  t.ok(performance.now() - started < CALL_LIMIT_MS)
  for (const [index, error] of errors.entries()) {
    t.ok(
      error instanceof StoreError && error.code === 'STORE_UNAVAILABLE',
      `${Object.keys(calls)[index]}: ${String(error)}`,
    )
  }
}

/** With its causes, and what lies in them. */
function everythingIn(error: unknown): string {
  const seen: string[] = []
  for (let next = error as Error | undefined; next !== undefined; next = next.cause as Error | undefined) {
    seen.push(String(next.stack), JSON.stringify(next))
  }
  return seen.join()
}
