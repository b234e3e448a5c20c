/** A frame as it came, unmasked. */
export interface Frame {
  opcode: number
  text: string
}

export const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** One whole message as a server sends it: not masked (RFC 6455, section 5.2). */
export function frameOf(opcode: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode]), lengthOf(payload.length), payload])
}

function lengthOf(length: number): Buffer {
  if (length < 126) return Buffer.from([length])
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9)
  bytes[0] = length < 65_536 ? 126 : 127
  if (length < 65_536) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

/** The whole frames that a client's bytes hold, and what is left of them. Lengths of 64 KB and more do not occur. */
export function framesIn(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let at = 0
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const head = short === 126 ? 4 : 2
    if (bytes.length - at < head + 4) break
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short
    const end = at + head + 4 + length
    if (bytes.length < end) break
    const mask = bytes.subarray(at + head, at + head + 4)
    const payload = bytes.subarray(at + head + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, text: Buffer.from(payload).toString() })
    at = end
  }
  return { frames, rest: bytes.subarray(at) }
}
