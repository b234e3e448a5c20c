import { captureLog, MONGO_SERVER_MISSING, type MongoServer, startMongoServer } from '@crypto-signals/testing'
import t from 'tap'
import type { Store } from '../../store.ts'
import { type Connection, connect, type MongoOptions } from '../connection.ts'
import { migrate } from '../migrations.ts'
import { storeOn } from '../mongodb-store.ts'

/** A server for one test file, and what to give its tests as `skip` where there is none. */
export async function mongoForTests(options?: { stoppable: boolean }) {
  const server = await startMongoServer(options)
  const used: string[] = []
  t.teardown(async () => {
    if (process.env.MONGODB_URI && !options?.stoppable) await Promise.all(used.map(drop))
    await server?.[Symbol.asyncDispose]()
  })
  const freshDatabase = () => {
    const url = (server as MongoServer).freshDatabase()
    used.push(url)
    return url
  }
  return { server: server as MongoServer, skip: server === null ? MONGO_SERVER_MISSING : false, freshDatabase }
}

export interface OpenedStore extends Connection, AsyncDisposable {
  store: Store
}

/** A store with the connection it works on, whose commands can be listened to. */
export async function openWithConnection(url: string, options: Partial<MongoOptions> = {}): Promise<OpenedStore> {
  const { log } = captureLog()
  const connection = await connect({
    url: `${url}${url.includes('?') ? '&' : '?'}monitorCommands=true`,
    log,
    ...options,
  })
  await migrate(connection.db, log)
  return { ...connection, store: storeOn(connection), [Symbol.asyncDispose]: () => connection.client.close() }
}

async function drop(url: string): Promise<void> {
  const { client, db } = await connect({ url, log: captureLog().log })
  await db.dropDatabase()
  await client.close()
}
