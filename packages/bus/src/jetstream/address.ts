import type { ConnectionOptions } from 'nats'

/** Where NATS is and who we are there, from `nats://user:password@host:4222`; `tls://` for TLS, a comma between several. */
export function addressOf(url: string): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> {
  const places = url.split(',').map(placeOf)
  const secure = places.some(({ protocol }) => protocol === 'tls:')
  return {
    servers: places.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    ...credentialsOf(places),
    ...(secure && { tls: {} }),
  }
}

const DEFAULT_PORT = 4222

function placeOf(text: string): URL {
  const place = URL.parse(text.trim())
  // The text is left out of the message: it may hold a password.
  if (place === null || !['nats:', 'tls:'].includes(place.protocol) || place.hostname === '')
    throw new TypeError('NATS_URL is no list of nats://host:port or tls://host:port')
  return place
}

/** The client takes no credentials from its URLs; a name without a password is a token, as in other clients. */
function credentialsOf(places: URL[]) {
  const place = places.find(({ username }) => username !== '')
  if (place === undefined) return {}
  const [user, pass] = [decodeURIComponent(place.username), decodeURIComponent(place.password)]
  return pass === '' ? { token: user } : { user, pass }
}
