import { Quote } from '@crypto-signals/contracts'
import type { ListedCoin } from '@crypto-signals/store'
import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { picked, type RowReading, reasonOf } from './row-reading.ts'

const { coinId, symbol, name } = Quote.properties

const ListRow = Type.Object({
  id: coinId,
  symbol: Type.Optional(symbol),
  name: Type.Optional(Type.String({ maxLength: name.maxLength ?? 0 })),
})

const listRow = TypeCompiler.Compile(ListRow)
const FIELDS = Object.keys(ListRow.properties)

/** Reads one row of /coins/list. */
export function readListRow(row: unknown): RowReading<ListedCoin> {
  const fields = picked(row, FIELDS)
  if (!listRow.Check(fields)) return { fault: reasonOf(row, listRow.Errors(fields).First()) }
  const { id } = fields
  if (!id.isWellFormed()) return { fault: { reason: 'id: not well-formed', id: null } }
  // Ids are asked for in a list with commas.
  if (id.includes(',')) return { fault: { reason: 'id: holds a comma', id } }
  return { row: { id, symbol: fields.symbol ?? '', name: fields.name || id } }
}
