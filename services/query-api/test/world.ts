import { type Bus, openBus } from '@crypto-signals/bus'
import { type EventOf, partitionOf, type Quote, type ScoredCoin, type TriggeredAlert } from '@crypto-signals/contracts'
import { createServer } from '@crypto-signals/service'
import { openStore } from '@crypto-signals/store'
import { captureLog, FakeClock, tempDir, until } from '@crypto-signals/testing'
import { Registry } from 'prom-client'
import { buildQueryApi } from '../src/app.ts'

interface WorldOptions {
  quotes?: Quote[]
  scored?: ScoredCoin[]
  simulated?: boolean
  /** Called while the store is being read, before its first row is handed out. */
  onRead?: (publish: Publish) => Promise<void>
}

interface Publish {
  quotes(rows: Quote[]): Promise<void>
  scored(rows: ScoredCoin[]): Promise<void>
  alert(trigger: TriggeredAlert): Promise<void>
}

/** The service, not started yet, behind a server without a socket, on a bus of its own and a store that holds the given rows. */
export async function openWorld({ quotes = [], scored = [], simulated = true, onRead = NOTHING }: WorldOptions = {}) {
  const [clock, { log, lines }, metrics] = [new FakeClock(), captureLog(), new Registry()]
  const { bus, publish } = watched(await openBus({ clock, log }))
  const dir = await tempDir()
  const store = await openStore({ dataDir: dir.path, file: 'signals.db' })
  await store.quotes.save(quotes)
  await store.signals.save(scored)
  const read = {
    ...store,
    quotes: {
      ...store.quotes,
      all: after(
        () => onRead(publish),
        (size) => store.quotes.all(size),
      ),
    },
  }
  const service = buildQueryApi({ bus, store: read, clock, log, metrics }, { simulated })
  const app = createServer({ log, metrics })
  await app.register(service.routes)
  return {
    app,
    service,
    bus,
    store,
    clock,
    lines,
    metrics,
    publish,
    get: (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers }),
    async [Symbol.asyncDispose]() {
      await service.stop()
      await app.close()
      await bus[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await dir[Symbol.asyncDispose]()
    },
  }
}

/** The bus, and a `publish` that resolves when the events were handled. */
function watched(bus: Bus): { bus: Bus; publish: Publish } {
  let [published, handled] = [0, 0]
  const consume: Bus['consume'] = (name, consumer, handle) =>
    bus.consume(name, consumer, async (event) => {
      await handle(event)
      handled++
    })
  const send = async <N extends 'quotes' | 'signals'>(name: N, rows: EventOf<N>['rows']) => {
    for (const [partition, part] of Object.entries(Object.groupBy<number, { coinId: string }>(rows, partitionOfRow))) {
      const event = { id: `${name}-${published++}`, partition: Number(partition), rows: part }
      await bus.publish(name, event as EventOf<N>)
    }
    await until(() => handled === published)
  }
  const publish = {
    quotes: (rows: Quote[]) => send('quotes', rows),
    scored: (rows: ScoredCoin[]) => send('signals', rows),
    alert: async (trigger: TriggeredAlert) => {
      await bus.publish('alerts', { id: `alert-${published++}`, trigger })
      await until(() => handled === published)
    },
  }
  return { bus: { ...bus, consume }, publish }
}

const partitionOfRow = ({ coinId }: { coinId: string }) => partitionOf(coinId)

/** `all`, which first waits for `act`. */
const after = <T>(act: () => Promise<void>, all: (size: number) => AsyncIterable<T>) =>
  async function* (size: number) {
    await act()
    yield* all(size)
  }

const NOTHING = async () => undefined
