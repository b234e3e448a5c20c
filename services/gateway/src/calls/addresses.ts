import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The origins that are behind `url` now: one for each address of its host. Rejects when the name cannot be resolved. */
export async function originsOf({ protocol, hostname, port }: URL): Promise<string[]> {
  const originAt = (address: string) => `${protocol}//${address}${port === '' ? '' : `:${port}`}`
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return [originAt(hostname)]
  const found = await lookup(hostname, { all: true })
  return found.slice(0, MAX_ADDRESSES).map(({ address, family }) => originAt(family === 6 ? `[${address}]` : address))
}

const MAX_ADDRESSES = 64
