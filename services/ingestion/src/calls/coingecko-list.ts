import { Quote } from '@crypto-signals/contracts'
import type { ListedCoin } from '@crypto-signals/store'
import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { addressOf } from './reading.ts'
import { isObject, picked, type RowReading, reasonOf } from './row-reading.ts'
import { isAddressable, labelOf } from './text.ts'

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
  if (!isAddressable(id)) return { fault: { reason: 'id: malformed', id: null } }
  // Ids are asked for in a list with commas.
  if (id.includes(',')) return { fault: { reason: 'id: holds a comma', id } }
  const platforms = platformsOf((row as { platforms?: unknown }).platforms)
  const said = { symbol: labelOf(fields.symbol, 64), name: labelOf(fields.name, name.maxLength ?? 0) }
  return { row: { id, symbol: said.symbol ?? '', name: said.name ?? id, platforms } }
}

/** What is no contract is left out: CoinGecko lists empty addresses, and platforms without a name. */
function platformsOf(platforms: unknown): Record<string, string> {
  if (!isObject(platforms)) return {}
  const contracts: [string, string][] = []
  for (const [platform, said] of Object.entries(platforms).slice(0, MAX_PLATFORMS)) {
    const address = addressOf(said)
    if (address !== null && PLATFORM.test(platform)) contracts.push([platform, address])
  }
  return Object.fromEntries(contracts)
}

const MAX_PLATFORMS = 200
const PLATFORM = /^[a-z0-9][a-z0-9_-]{0,63}$/i
