import type { RowBytes } from '../read-model/row-bytes.ts'

/** `{"success":true,"data":[rows],tail}` in one buffer: bytes are copied, nothing is stringified but the tail. */
export function listBody(bytes: RowBytes, rows: ArrayLike<number>, nowMs: number, tail: string): Buffer {
  let room = HEAD.length + tail.length + 1
  for (let i = 0; i < rows.length; i++) room += bytes.roomFor(rows[i] as number) + 2
  const out = Buffer.allocUnsafe(room)
  let at = HEAD.copy(out)
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) out[at++] = COMMA
    at = bytes.write(rows[i] as number, out, at, nowMs)
    out[at++] = CLOSING_BRACE
  }
  out[at++] = CLOSING_BRACKET
  at += out.write(tail, at, 'latin1')
  return out.subarray(0, at)
}

/** The rest of a page's body; numbers and the version alone, so it is ASCII. */
export function pageTail({ page, limit }: { page: number; limit: number }, total: number, meta: string): string {
  const pages = Math.ceil(total / limit)
  return `,"pagination":{"current_page":${page},"total_pages":${pages},"total_items":${total},"items_per_page":${limit}}${meta}`
}

export const countTail = (count: number, meta: string) => `,"count":${count}${meta}`

/** `{"success":true,"data":data,tail}`; `data` is JSON. */
export const objectBody = (data: string, meta: string) => `{"success":true,"data":${data}${meta}`

const HEAD = Buffer.from('{"success":true,"data":[')
const COMMA = 0x2c
const CLOSING_BRACE = 0x7d
const CLOSING_BRACKET = 0x5d
