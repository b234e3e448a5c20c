import type { MarketRows } from './market-rows.ts'

/** Market rows between a head and a tail, in one buffer: bytes are copied, no row is stringified. */
export function joinedRows(
  rows: MarketRows,
  slots: readonly number[],
  { head = '', separator = ',', tail = '' }: { head?: string; separator?: ',' | '\n'; tail?: string },
): Buffer {
  const [between, ends] = [separator.charCodeAt(0), Buffer.byteLength(head) + Buffer.byteLength(tail)]
  const out = Buffer.allocUnsafe(slots.reduce((room, slot) => room + rows.roomFor(slot) + 1, ends))
  let at = out.write(head)
  for (const [i, slot] of slots.entries()) {
    if (i > 0) out[at++] = between
    at = rows.write(slot, out, at)
  }
  return out.subarray(0, at + out.write(tail, at))
}
