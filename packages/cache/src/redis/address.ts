import type { ConnectionOptions } from 'node:tls'

/** Where Redis is and who we are there. Options hidden in the URL are not taken: they would be able to undo our time limits. */
export function addressOf(url: string): Address {
  const place = URL.parse(url.trim())
  const db = Number(place?.pathname.slice(1))
  // The text is left out of the message: it may hold a password.
  if (!place?.hostname || !['redis:', 'rediss:'].includes(place.protocol) || !Number.isInteger(db))
    throw new TypeError('REDIS_URL is no redis://host:port or rediss://host:port')
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: place.hostname.replace(/^\[|\]$/g, ''),
    port: Number(place.port) || DEFAULT_PORT,
    db,
    ...(place.username && { username: decodeURIComponent(place.username) }),
    ...(place.password && { password: decodeURIComponent(place.password) }),
    ...(place.protocol === 'rediss:' && { tls: {} }),
  }
}

const DEFAULT_PORT = 6379

interface Address {
  host: string
  port: number
  db: number
  username?: string
  password?: string
  tls?: ConnectionOptions
}
