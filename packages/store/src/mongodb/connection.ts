import { type Db, MongoClient, type MongoClientOptions, type ServerDescriptionChangedEvent } from 'mongodb'
import type { Logger } from 'pino'
import { StoreError } from '../store-error.ts'
import { databaseNameOf, malformed } from './address.ts'
import { call, storeErrorOf } from './call.ts'

export interface MongoOptions {
  /** `mongodb://user:password@host:27017/database`; without a name, the database is `crypto_signals`. */
  url: string
  /** Appended to the name of the database: simulated data never meet real ones. */
  databaseSuffix?: string | undefined
  /** Connections at most, 10 by default. */
  poolSize?: number | undefined
  /** How long to look for a server that can take a call, 5 s by default. */
  serverSelectionTimeoutMs?: number | undefined
  /** How long a connection may be silent in a call, 45 s by default. */
  socketTimeoutMs?: number | undefined
  log: Logger
}

export interface Connection {
  readonly client: MongoClient
  readonly db: Db
}

/** Connects to the database; rejects with a `StoreError` when it cannot be reached in time, lets us not in or is too old. */
export async function connect(options: MongoOptions): Promise<Connection> {
  const { url, databaseSuffix = '', log } = options
  const name = databaseNameOf(url) + databaseSuffix
  const client = clientOf(url, settingsOf(options))
  client.on('serverDescriptionChanged', (change) => report(change, log))
  try {
    await client.connect()
    const db = client.db(name)
    const { version } = await call(() => db.command({ buildInfo: 1 }))
    assertServerVersion(String(version))
    log.info({ database: name, version, ...DURABILITY }, 'connected to MongoDB')
    return { client, db }
  } catch (error) {
    await client.close()
    throw storeErrorOf(error)
  }
}

/** Throws a `StoreError` when the address is malformed; connects to nothing. */
export function assertAddress(url: string): void {
  databaseNameOf(url)
  clientOf(url, {})
}

// A write is acknowledged when a majority has it on disk, and only such data are read: no failover takes them back.
const DURABILITY = { w: 'majority', journal: true, readConcernLevel: 'majority' } as const

const WRITE_CONFIRMED_WITHIN_MS = 10_000

function settingsOf({
  poolSize = 10,
  serverSelectionTimeoutMs = 5_000,
  socketTimeoutMs = 45_000,
}: MongoOptions): MongoClientOptions {
  return {
    appName: 'crypto-signals',
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    connectTimeoutMS: serverSelectionTimeoutMs,
    waitQueueTimeoutMS: serverSelectionTimeoutMs,
    socketTimeoutMS: socketTimeoutMs,
    wtimeoutMS: WRITE_CONFIRMED_WITHIN_MS,
    readPreference: 'primary',
    retryReads: true,
    retryWrites: true,
    ...DURABILITY,
  }
}

function clientOf(url: string, settings: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(url, settings)
  } catch {
    return malformed()
  }
}

function report({ address, previousDescription, newDescription }: ServerDescriptionChangedEvent, log: Logger): void {
  const { type, error } = newDescription
  if (type === previousDescription.type) return
  if (type === 'Unknown') log.warn({ address, reason: error?.message }, 'MongoDB server lost')
  else log.info({ address, type }, 'MongoDB server found')
}

// The first that can sort an array in an update.
const LEAST_SERVER_VERSION = 6

function assertServerVersion(version: string): void {
  if (Number.parseInt(version, 10) >= LEAST_SERVER_VERSION) return
  throw new StoreError(
    'STORE_MISCONFIGURED',
    `needs MongoDB ${LEAST_SERVER_VERSION} or newer, the server is ${version}`,
  )
}
