// Whether somebody listens where NATS_URL, MONGODB_URI and REDIS_URL point; names each that nobody answers at, without its password.
import { resolveSrv } from 'node:dns/promises'
import { connect } from 'node:net'

const WITHIN_MS = 5_000
const DEFAULT_PORTS = { NATS_URL: 4222, MONGODB_URI: 27_017, REDIS_URL: 6379 }

const states = await Promise.all(Object.entries(DEFAULT_PORTS).map(([name, port]) => check(name, port)))
process.exitCode = states.every((isReachable) => isReachable) ? 0 : 1

/** One of several members of a cluster is enough. */
async function check(name, defaultPort) {
  const places = await placesOf(process.env[name] ?? '', defaultPort)
  const answers = await Promise.all(places.map(answersAt))
  if (answers.includes(true)) return true
  const told = places.map(({ host, port }) => `${host}:${port}`).join(', ')
  process.stderr.write(`${name}: nobody answers at ${told === '' ? 'an address that leads nowhere' : told}\n`)
  return false
}

/** The hosts of `scheme://user:password@host:port,host:port/...`; those of `+srv` are asked for. */
async function placesOf(url, defaultPort) {
  const [, scheme, hosts] = /^([a-z+]+):\/\/(?:[^@/?]*@)?([^/?]+)/.exec(url) ?? []
  if (hosts === undefined) return []
  if (scheme?.endsWith('+srv')) {
    const records = await resolveSrv(`_mongodb._tcp.${hosts}`).catch(() => [])
    return records.map(({ name, port }) => ({ host: name, port }))
  }
  return hosts.split(',').map((place) => {
    const [, host, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(place) ?? []
    return { host, port: Number(port ?? defaultPort) }
  })
}

function answersAt({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WITHIN_MS })
    const end = (isReachable) => {
      socket.destroy()
      resolve(isReachable)
    }
    socket.once('connect', () => end(true))
    for (const event of ['error', 'timeout']) socket.once(event, () => end(false))
  })
}
