import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server on loopback, as Docker's own: it knows the addresses that each name has at this moment. */
export interface Dns extends AsyncDisposable {
  readonly port: number
  readonly addresses: Map<string, string[]>
}

export async function startDns(): Promise<Dns> {
  const addresses = new Map<string, string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, addresses), port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    addresses,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

const HEADER_BYTES = 12
const [RESPONSE, NO_SUCH_NAME] = [0x8180, 0x8183]

/** RFC 1035, for one question about addresses. */
function answerTo(query: Buffer, addresses: Map<string, string[]>): Buffer {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const question = query.subarray(HEADER_BYTES, at + 5)
  const known = addresses.get(labels.join('.')) ?? []
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(known.length > 0 ? RESPONSE : NO_SUCH_NAME, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(known.length, 6)
  return Buffer.concat([header, question, ...known.map(addressRecord)])
}

/** Of the name in the question, for ten minutes: as long as Docker says, whoever believes it. */
const addressRecord = (address: string) =>
  Buffer.from([0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0x02, 0x58, 0, 4, ...address.split('.').map(Number)])
