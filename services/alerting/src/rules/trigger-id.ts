import { createHash } from 'node:crypto'

/** The id of an alert's firing: UUID version 5 (RFC 9562) of its sequence in the namespace of the alert's id. */
export function triggerIdOf(alertId: string, sequence: number): string {
  const namespace = Buffer.from(alertId.replaceAll('-', ''), 'hex')
  const bytes = createHash('sha1').update(namespace).update(String(sequence)).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
