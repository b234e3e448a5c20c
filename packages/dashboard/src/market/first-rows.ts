import { createClient } from '@crypto-signals/client'
import type { FirstRows } from './protocol.ts'

/** Shown at once: the whole market takes longer to come. */
const COUNT = 100

/** Asks for the largest coins; null where they do not come. What keeps them from it will be told of the whole market. */
export async function firstRows(baseUrl: string): Promise<FirstRows | null> {
  try {
    const { source, rows } = await createClient({ baseUrl, retries: 0 }).exportRows({ limit: COUNT })
    const first: FirstRows = { source, rows: [] }
    for await (const row of rows) first.rows.push(row)
    return first
  } catch {
    return null
  }
}
