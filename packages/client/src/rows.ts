import { badAnswer } from './api-error.ts'
import { isRow } from './messages.ts'
import type { Transport } from './transport.ts'
import type { DataSource, MarketRow } from './types.ts'

/** All rows of a filter, as they were at one version. */
export interface Export {
  /** Of the data: what a delta or a stream goes on from. */
  version: string
  source: DataSource
  /** To be read once. Rejects when the answer breaks off; leaving it early ends the answer. */
  rows: AsyncIterable<MarketRow>
}

/** Opens the export that `request` asks for; its rows are read while they come. */
export async function openExport(transport: Transport, request: Request, idleMs: number): Promise<Export> {
  const { response, text, close } = await transport.open(request)
  const version = response.headers.get('x-data-version')
  const source = response.headers.get('x-market-source')
  if (version && (source === 'live' || source === 'simulated')) return { version, source, rows: rowsIn(text(idleMs)) }
  close()
  throw badAnswer('The export does not say its version and source: is it one, and may a page read its headers?')
}

/** Characters. The longest rows have about a thousand. */
const MAX_LINE = 65_536

/** The rows in the lines of a text that comes in pieces. */
async function* rowsIn(text: AsyncIterable<string>): AsyncGenerator<MarketRow, void> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield rowOf(line)
    if (rest.length > MAX_LINE) throw badAnswer(`A row of more than ${MAX_LINE} characters`)
  }
  if (rest !== '') yield rowOf(rest)
}

function rowOf(line: string): MarketRow {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (cause) {
    throw badAnswer('A line of the export is no JSON', { cause })
  }
  if (!isRow(row)) throw badAnswer('A line of the export is no row')
  return row
}
