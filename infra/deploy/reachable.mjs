// Whether somebody listens where NATS_URL, MONGODB_URI and REDIS_URL point; names each that nobody answers at. Of an address
// that is not exactly as it should be nothing is said: what looks like its host may be a part of its password.
import { resolveSrv } from 'node:dns/promises'
import { connect } from 'node:net'

const WITHIN_MS = 5_000
const DEFAULT_PORTS = { NATS_URL: 4222, MONGODB_URI: 27_017, REDIS_URL: 6379 }
const SCHEMES = { NATS_URL: /^(nats|tls)$/, MONGODB_URI: /^mongodb(\+srv)?$/, REDIS_URL: /^rediss?$/ }
// An @ after the first slash, or a second one, belongs to a password that is not percent-encoded.
const ADDRESS = /^([a-z+]+):\/\/(?:[^@/?#\s]*@)?([^@/?#\s]+)(?:[/?][^@#\s]*)?$/
const PLACE = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i

const states = await Promise.all(Object.entries(DEFAULT_PORTS).map(([name, port]) => check(name, port)))
process.exitCode = states.every((isReachable) => isReachable) ? 0 : 1

/** One of several members of a cluster is enough. */
async function check(name, defaultPort) {
  const parsed = parse(name, process.env[name] ?? '')
  if (parsed === null) {
    process.stderr.write(`${name}: cannot be read as an address; is its password percent-encoded?\n`)
    return false
  }
  const places = parsed.isSrv ? await lookUp(parsed.places) : parsed.places
  const targets = places.map(({ host, port }) => ({ host, port: port ?? defaultPort }))
  const answers = await Promise.all(targets.map(answersAt))
  if (answers.includes(true)) return true
  const told = targets.map(({ host, port }) => `${host}:${port}`).join(', ')
  process.stderr.write(`${name}: nobody answers at ${told === '' ? 'an address that leads nowhere' : told}\n`)
  return false
}

/** The hosts of `scheme://user:password@host:port,host:port/...`, in NATS of a list of such addresses; null when anything is amiss. */
function parse(name, text) {
  const addresses = (name === 'NATS_URL' ? text.split(',') : [text]).map((address) => ADDRESS.exec(address.trim()))
  if (!addresses.every((address) => address !== null && SCHEMES[name].test(address[1]))) return null
  const places = addresses.flatMap(([, , hosts]) => hosts.split(',')).map(placeOf)
  return places.includes(null) ? null : { isSrv: addresses[0][1].endsWith('+srv'), places }
}

function placeOf(text) {
  const [, ipv6, host = ipv6, digits] = PLACE.exec(text) ?? []
  const port = digits === undefined ? undefined : Number(digits)
  return host === undefined || port === 0 || port > 65_535 ? null : { host, port }
}

async function lookUp([{ host }]) {
  const records = await resolveSrv(`_mongodb._tcp.${host}`).catch(() => [])
  return records.map(({ name, port }) => ({ host: name, port }))
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
