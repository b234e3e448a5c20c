import type { TriggeredAlert } from '@crypto-signals/contracts'
import {
  alertOf,
  captureLog,
  manyQuotes,
  quoteOf,
  scoredCoinOf,
  sourceStatusOf,
  tempDir,
} from '@crypto-signals/testing'
import type { CommandStartedEvent, Db, Document } from 'mongodb'
import t, { type Test } from 'tap'
import { coinBarsOf } from '../contract/bars.contract.ts'
import { mappingOf } from '../contract/mappings.contract.ts'
import { rowsOf } from '../contract/observations.contract.ts'
import { coinScoresOf } from '../contract/scores.contract.ts'
import { openStore } from '../open.ts'
import { storeContract } from '../store.contract.ts'
import type { AlertRecord, Store } from '../store.ts'
import { advanceRule, rulesOf } from './rules.ts'
import { mongoForTests, openWithConnection } from './test/mongo.ts'
import { triggerLog } from './triggers.ts'

const { skip, freshDatabase } = await mongoForTests()
const { log } = captureLog()

if (skip === false) {
  const urls = new Map<string, string>()
  storeContract('mongodb', (dir) => {
    const url = urls.get(dir) ?? freshDatabase()
    urls.set(dir, url)
    return openStore({ url, log })
  })
} else t.test('mongodb: the contract of the store', { skip }, async () => {})

t.test(
  'no query reads a whole collection, and each has its limit and the concerns that survive a failover',
  { skip },
  async (t) => {
    await using opened = await openWithConnection(freshDatabase())
    const { client, db, store } = opened
    const commands: CommandStartedEvent[] = []
    client.on('commandStarted', (event) => event.command.explain === undefined && commands.push(event))
    await useEverything(store)
    client.removeAllListeners('commandStarted')
    t.equal(new Set(commands.map(({ command }) => collectionOf(command))).size, 12)
    for (const { commandName, command } of commands) {
      const what = `${commandName} ${collectionOf(command)}`
      t.ok(command.maxTimeMS > 0, `${what} has a limit`)
      if (READS.has(commandName)) t.match(command.readConcern, { level: 'majority' }, what)
      else t.match(command.writeConcern, { w: 'majority', j: true }, what)
      for (const query of queriesOf(command)) {
        const stages = await stagesOf(db, query)
        t.ok(stages.length > 0 && !stages.includes('COLLSCAN'), `${what} ${JSON.stringify(query)}: ${stages.join()}`)
      }
    }
    t.ok((await stagesOf(db, { find: 'alerts', filter: { version: 7 } })).includes('COLLSCAN'), 'it would show')
  },
)

t.test('replicas that race for a budget never overspend its month', { skip }, async (t) => {
  const url = freshDatabase()
  await using first = await openStore({ url, log })
  await using second = await openStore({ url, log })
  const limits = { perMinute: 100, perMonth: 7 }
  const calls = [first, second].flatMap(({ budgets }) =>
    Array.from({ length: 10 }, (_, index) => budgets.reserve('alpha', START + index, limits)),
  )
  t.equal((await Promise.all(calls)).filter(({ granted }) => granted).length, 7)
  t.match(await second.budgets.usage('alpha', START), { minuteUsed: 7, monthUsed: 7 })
})

t.test('writers that save different bars and scores of the same coins at once lose none', { skip }, async (t) => {
  const url = freshDatabase()
  await using first = await openWithConnection(url)
  await using second = await openWithConnection(url)
  const [coinIds, rounds] = [Array.from({ length: 30 }, (_, index) => `coin-${index}`), 10]
  for (let round = 0; round < rounds; round++) {
    const saved = [first, second].flatMap(({ store }, writer) => [
      store.bars.save(coinIds.map((coinId) => coinBarsOf({ coinId }, [2 * round + writer]))),
      store.scores.save(coinIds.map((coinId) => coinScoresOf({ coinId }, [2 * round + writer]))),
    ])
    await Promise.all(saved)
  }
  const all = Array.from({ length: 2 * rounds }, (_, index) => index)
  const bars = coinIds.map((coinId) => coinBarsOf({ coinId }, all))
  t.same(new Set(await rowsOf(second.store.bars.all('5m', 100))), new Set(bars))
  for (const coinId of coinIds) {
    t.strictSame(await second.store.scores.of(coinId, '1h'), coinScoresOf({ coinId }, all).points)
  }
})

t.test('bars and scores that are stored already are not written again', { skip }, async (t) => {
  await using opened = await openWithConnection(freshDatabase())
  const { db, store } = opened
  for (let time = 0; time < 2; time++) {
    await store.bars.save([coinBarsOf({ coinId: 'a' })])
    await store.scores.save([coinScoresOf({ coinId: 'a' })])
  }
  await store.bars.save([coinBarsOf({ coinId: 'a', interval: '1h' })])
  const documents = await Promise.all(['bars', 'scores'].map((name) => db.collection(name).find().toArray()))
  t.strictSame(
    documents.flat().map(({ version }) => version),
    [1, 1, 1],
  )
})

t.test(
  'replicas that race to advance a rule, while firings are read and sent, fire each sequence once',
  { skip },
  async (t) => {
    const url = freshDatabase()
    await using first = await openStore({ url, log })
    await using second = await openStore({ url, log })
    await first.alerts.create(recordOf(0))
    const sent: number[] = []
    let racing = true
    const race = async ({ alerts }: Store, replica: number) => {
      for (let version = 1; version <= 10; version++)
        await alerts.advance(recordOf(version), triggerOf(version, replica))
    }
    const relay = async ({ alerts }: Store) => {
      for (let last = false; !last; ) {
        last = !racing
        const waiting = await alerts.unpublished(100)
        sent.push(...waiting.map(({ sequence }) => sequence))
        await alerts.markPublished(waiting.map(({ triggerId }) => triggerId))
      }
    }
    const relayed = relay(first)
    await Promise.all([race(first, 1), race(second, 2)])
    racing = false
    await relayed
    const expected = Array.from({ length: 10 }, (_, index) => index + 1)
    t.strictSame(sent, expected)
    const { rows } = await second.alerts.triggered({ offset: 0, limit: 100 })
    t.strictSame(rows.map(({ sequence }) => sequence).reverse(), expected)
    t.equal((await second.alerts.get(ALERT_ID))?.version, 10)
  },
)

const crashes: Record<string, (db: Db) => Promise<void>> = {
  'the rule was advanced': async (db) => void (await advanceRule(rulesOf(db), recordOf(1), triggerOf(1))),
  'its firing was recorded': async (db) => {
    await advanceRule(rulesOf(db), recordOf(1), triggerOf(1))
    await triggerLog(db).insert(triggerOf(1))
  },
  'its firing was sent by another': async (db) => {
    await advanceRule(rulesOf(db), recordOf(1), triggerOf(1))
    await triggerLog(db).insert(triggerOf(1))
    await triggerLog(db).markPublished([triggerOf(1).triggerId])
  },
}

const touches: Record<string, (store: Store, t: Test) => Promise<unknown>> = {
  'firings that wait are asked for': ({ alerts }) => alerts.unpublished(10),
  'firings are listed': ({ alerts }) => alerts.triggered({ offset: 0, limit: 10 }),
  'the rule is removed': async ({ alerts }, t) => t.equal(await alerts.remove(ALERT_ID), true),
  'the rule fires again': async ({ alerts }, t) => t.equal(await alerts.advance(recordOf(2), triggerOf(2)), true),
  'the same firing is tried again': async ({ alerts }, t) => {
    t.equal(await alerts.advance(recordOf(1), triggerOf(1)), false)
    t.equal(await alerts.advance(recordOf(2), triggerOf(1, 2)), false)
  },
}

for (const [crash, upTo] of Object.entries(crashes)) {
  t.test(`a crash after ${crash} loses no firing and repeats none, whatever comes next`, { skip }, async (t) => {
    for (const [next, touch] of Object.entries(touches)) {
      await using opened = await openWithConnection(freshDatabase())
      const { db, store } = opened
      await store.alerts.create(recordOf(0))
      await upTo(db)
      t.strictSame(await store.alerts.get(ALERT_ID), recordOf(1), next)
      await touch(store, t)
      const firings = (await db.collection('triggers').find().toArray()).map(({ sequence, published }) => [
        sequence,
        published,
      ])
      const wasSent = crash.includes('sent')
      t.strictSame(
        firings,
        next.includes('again') && next.includes('rule')
          ? [
              [1, wasSent],
              [2, false],
            ]
          : [[1, wasSent]],
        next,
      )
      const waiting = (await store.alerts.unpublished(10)).map(({ sequence }) => sequence)
      t.strictSame(
        waiting,
        firings.filter(([, published]) => published === false).map(([sequence]) => sequence),
        next,
      )
      t.equal(await db.collection('alerts').countDocuments({ pending: { $exists: true } }), 0, next)
    }
  })
}

t.test('what no contract lets through, the database does not let in either', { skip }, async (t) => {
  await using opened = await openWithConnection(freshDatabase())
  const { db, store } = opened
  await t.rejects(store.quotes.save([quoteOf({ priceUsd: -1 })]), { name: 'StoreError', code: 'STORE_REFUSED' })
  await t.rejects(store.alerts.create(recordOf(0, { alertType: 'gossip' as never })), { code: 'STORE_REFUSED' })
  await t.rejects(db.collection<Document & { _id: string }>('triggers').insertOne({ _id: 'x', sequence: 0 }), {
    code: 121,
  })
  for (const name of ['quotes', 'alerts', 'triggers']) t.equal(await db.collection(name).countDocuments(), 0)
})

t.test('the address decides where the data are', { skip }, async (t) => {
  await using dir = await tempDir()
  const options = { dataDir: dir.path, file: 'test.sqlite', log, poolSize: 2 }
  for (const [url, adapter] of [
    [undefined, 'sqlite'],
    [freshDatabase(), 'mongodb'],
  ] as const) {
    await using store = await openStore({ ...options, url })
    t.equal(store.adapter, adapter)
  }
})

t.test('simulated data have a database of their own', { skip }, async (t) => {
  const url = freshDatabase()
  await using real = await openStore({ url, log })
  await using simulated = await openWithConnection(url, { databaseSuffix: '_simulated' })
  await simulated.store.quotes.save(manyQuotes(3))
  t.equal(await real.quotes.get(manyQuotes(3)[0]?.coinId ?? ''), null)
  await simulated.db.dropDatabase()
})

const START = Date.parse(quoteOf().observedAt)

const { alertId: ALERT_ID } = alertOf()

const recordOf = (version: number, overrides = {}): AlertRecord => ({
  alert: alertOf({ triggerCount: version, ...overrides }),
  version,
  seen: null,
  lastAction: null,
})

function triggerOf(sequence: number, replica = 1): TriggeredAlert {
  const { coinId, alertType, settings } = alertOf()
  const at = new Date(START + sequence).toISOString()
  const evidence = { price: 1, score: null, observedAt: at }
  const triggerId = `0196a000-0000-7000-800${replica}-${String(sequence).padStart(12, '0')}`
  return {
    triggerId,
    alertId: ALERT_ID,
    sequence,
    coinId,
    alertType,
    settings,
    isTriggered: true,
    triggeredAt: at,
    evidence,
  }
}

/** Calls every method; the types see to it that none is forgotten. */
async function useEverything(store: Store): Promise<void> {
  const { quotes, signals, alerts, sources, budgets, bars, scores, mappings } = store
  const drain = async (batches: AsyncIterable<unknown>) => {
    for await (const _ of batches);
  }
  const uses: {
    [P in 'quotes' | 'signals' | 'alerts' | 'sources' | 'budgets' | 'bars' | 'scores' | 'mappings']: {
      [M in keyof Store[P]]: () => Promise<unknown>
    }
  } = {
    quotes: {
      save: () => quotes.save(manyQuotes(5)),
      get: () => quotes.get('bitcoin'),
      all: () => drain(quotes.all(3)),
      unscored: () => drain(quotes.unscored(3)),
    },
    signals: {
      save: () => signals.save([scoredCoinOf()]),
      of: () => signals.of(['bitcoin', 'other']),
      all: () => drain(signals.all(3)),
    },
    alerts: {
      create: () => alerts.create(recordOf(0)),
      get: () => alerts.get(ALERT_ID),
      list: async () => [
        await alerts.list({ offset: 0, limit: 5 }),
        await alerts.list({ coinId: 'bitcoin', offset: 0, limit: 5 }),
      ],
      count: () => alerts.count(),
      coins: () => alerts.coins(5),
      advance: async () => [await alerts.advance(recordOf(1), triggerOf(1)), await alerts.advance(recordOf(2), null)],
      triggered: async () => [
        await alerts.triggered({ offset: 0, limit: 5 }),
        await alerts.triggered({ alertId: ALERT_ID, offset: 0, limit: 5 }),
      ],
      unpublished: () => alerts.unpublished(5),
      markPublished: () => alerts.markPublished([triggerOf(1).triggerId]),
      all: () => drain(alerts.all(3)),
      watching: () => drain(alerts.watching(['bitcoin', 'other'], 1)),
      remove: () => alerts.remove(ALERT_ID),
    },
    sources: {
      saveStatus: () => sources.saveStatus(sourceStatusOf()),
      statuses: () => sources.statuses(),
      saveUniverse: () => sources.saveUniverse('alpha', quoteOf().observedAt, []),
      universe: () => sources.universe('alpha'),
      saveSweep: () =>
        sources.saveSweep('alpha', {
          startedAt: '',
          listedAt: '',
          chunksDone: 0,
          chunksTotal: 0,
          rowsGood: 0,
          rowsBad: 0,
          finishedAt: null,
        }),
      sweep: () => sources.sweep('alpha'),
      saveIndex: () => sources.saveIndex(FEAR),
      indices: () => sources.indices(),
    },
    budgets: {
      reserve: () => budgets.reserve('alpha', START, { perMinute: 1, perMonth: 1 }),
      block: () => budgets.block('alpha', START),
      usage: () => budgets.usage('alpha', START),
    },
    bars: {
      save: () => bars.save(['a', 'b', 'c'].map((coinId) => coinBarsOf({ coinId }))),
      of: () => bars.of('a', '5m', { fromMs: 0, toMs: START }),
      all: () => drain(bars.all('5m', 2)),
    },
    scores: {
      save: () => scores.save(['a', 'b'].map((coinId) => coinScoresOf({ coinId }))),
      of: () => scores.of('a', '1h'),
    },
    mappings: {
      save: () => mappings.save([mappingOf(), mappingOf({ key: 'other' })]),
      all: () => drain(mappings.all(1)),
    },
  }
  for (const part of Object.values(uses)) for (const use of Object.values(part)) await use()
}

const FEAR = {
  index: 'fear-greed',
  value: 20,
  label: 'Fear',
  source: 'alternative-me',
  observedAt: quoteOf().observedAt,
} as const

const READS = new Set(['find', 'aggregate'])

const collectionOf = (command: Document) => Object.values(command)[0]

/** The queries of a command, each as one that can be explained. */
function queriesOf(command: Document): Document[] {
  const { find, aggregate, findAndModify, update, delete: remove } = command
  const plainOf = (from: string, filter: Document) => ({ find: from, filter: byId(filter) })
  if (find) return [{ find, filter: command.filter, ...pick(command, 'sort', 'hint', 'limit') }]
  if (aggregate) return [{ aggregate, pipeline: command.pipeline, cursor: {}, ...pick(command, 'hint') }]
  if (findAndModify) return [plainOf(findAndModify, command.query)]
  if (update) return command.updates.map(({ q }: Document) => plainOf(update, q))
  if (remove) return command.deletes.map(({ q }: Document) => plainOf(remove, q))
  return []
}

/** One `_id` needs no plan, whatever else the filter says; not every server says so when asked. */
const byId = (filter: Document) => (typeof filter._id === 'string' ? { _id: filter._id } : filter)

const pick = (command: Document, ...keys: string[]) =>
  Object.fromEntries(keys.filter((key) => key in command).map((key) => [key, command[key]]))

async function stagesOf(db: Db, query: Document): Promise<string[]> {
  const plan = await db.command({ explain: query, verbosity: 'queryPlanner' })
  const winning: unknown[] = []
  JSON.stringify(plan, (key, value) => {
    if (key === 'winningPlan') winning.push(value)
    return value
  })
  return [...JSON.stringify(winning).matchAll(/"stage":"(\w+)"/g)].map(([, stage = '']) => stage)
}
