import { StoreError } from '../store-error.ts'

/** The name of the database that a connection string leads to; throws, without showing the string, when it is malformed. */
export function databaseNameOf(url: string): string {
  const { path } = ADDRESS.exec(url)?.groups ?? malformed()
  return path || DEFAULT_DATABASE
}

/** The error for a connection string that cannot be used. It has no cause: the driver's message may show parts of a password. */
export function malformed(): never {
  throw new StoreError(
    'STORE_MISCONFIGURED',
    'the address of the database is malformed: it must be like mongodb://user:password@host:27017/database, with special characters in the user and the password percent-encoded',
  )
}

const DEFAULT_DATABASE = 'crypto_signals'

// One @ at most: a second one means a password that is not encoded, whose rest would be taken for a host.
const ADDRESS = /^mongodb(?:\+srv)?:\/\/(?:[^@/?]*@)?[^@/?]+(?:\/(?<path>[\w-]*))?(?:\?.*)?$/
