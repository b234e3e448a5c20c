// Run by `mongosh` against a server that has its root user: makes it a replica set of one, and the user that the services
// are. Safe to run again: it also takes a new password over.
const { MONGO_HOST, MONGO_PASSWORD } = process.env
const DATABASES = ['crypto_signals', 'crypto_signals_simulated']

const waitUntil = (what, isSo) => {
  for (let tries = 0; tries < 120; tries++) {
    if (isSo()) return
    sleep(500)
  }
  throw new Error(`waited for a minute: ${what}`)
}

const isInitiated = () => {
  try {
    return db.adminCommand({ replSetGetStatus: 1 }).ok === 1
  } catch (error) {
    if (error.codeName === 'NotYetInitialized') return false
    throw error
  }
}

if (!isInitiated()) {
  const members = [{ _id: 0, host: `${MONGO_HOST}:27017` }]
  db.adminCommand({ replSetInitiate: { _id: 'rs0', members } })
}
waitUntil('no primary', () => db.hello().isWritablePrimary)

const users = db.getSiblingDB('admin')
const roles = DATABASES.map((name) => ({ role: 'readWrite', db: name }))
if (users.getUser('crypto_signals') === null) users.createUser({ user: 'crypto_signals', pwd: MONGO_PASSWORD, roles })
else users.updateUser('crypto_signals', { pwd: MONGO_PASSWORD, roles })
print('replica set and user are there')
