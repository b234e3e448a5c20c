import { openStore } from '@crypto-signals/store'
import { startMarketReplay, tempDir } from '@crypto-signals/testing'
import { listening, startProduct } from '../product.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { play, tapeSettings } from './play.ts'
import type { Tape } from './tape.ts'

/** What one process on embedded engines holds at the end of a tape. */
export async function singleOutcome(tape: Tape): Promise<Outcome> {
  await using dir = await tempDir()
  await using market = await startMarketReplay({ rows: tape.rows(0) })
  const product = await startProduct({ ...tapeSettings(market, 1), DATA_DIR: dir.path })
  const alertIds: string[] = []
  {
    await using _product = product
    await listening(product)
    alertIds.push(...(await play({ ask: product.ask, market, tape })))
    product.kill('SIGTERM')
    await product.exited
  }
  await using store = await openStore({ dataDir: dir.path, file: 'market.sqlite' })
  return await outcomeOf(store, alertIds)
}
