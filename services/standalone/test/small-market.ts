import { type MarketReplay, startMarketReplay, type TempDir, tempDir, until } from '@crypto-signals/testing'
import { madeUpRows, type Row } from './market-rows.ts'
import { listening, type Product, startProduct } from './product.ts'

/** The product on a market of twelve coins: `moving-coin`, `evil-coin`, two that share a symbol, and eight others. */
export interface SmallMarket extends AsyncDisposable {
  product: Product
  replay: MarketReplay
  dir: TempDir
  rows: Row[]
  /** The row of `moving-coin`. */
  moving: Row
}

/** Once all coins are scored. `evilName` is what a stranger called his coin. */
export async function startSmallMarket(evilName: string, settings: Record<string, string> = {}): Promise<SmallMarket> {
  await using opened = new AsyncDisposableStack()
  const dir = opened.use(await tempDir())
  const rows: Row[] = madeUpRows(12, 5).map((row) => ({ ...row, last_updated: new Date().toISOString() }))
  const place = rows.findIndex(({ current_price }) => Number(current_price) > 1)
  const named = [
    { id: 'moving-coin', symbol: 'move', name: 'Moving Coin' },
    { id: 'evil-coin', symbol: 'evil', name: evilName },
    { id: 'twin-one', symbol: 'twin', name: 'Twin One' },
    { id: 'twin-two', symbol: 'twin', name: 'Twin Two' },
  ]
  for (const [i, names] of named.entries()) rows[place + i] = { ...rows[place + i], ...names }
  const replay = opened.use(await startMarketReplay({ rows }))
  const product = opened.use(
    await startProduct({
      DATA_DIR: dir.path,
      MARKET_SOURCES: 'coingecko',
      COINGECKO_URL: replay.url,
      COINGECKO_PER_MINUTE: '100000',
      RATE_LIMIT_PER_MINUTE: '100000',
      ...settings,
    }),
  )
  await listening(product)
  await until(async () => (await product.ask('/api/signals')).body.data.length === 12, { timeoutMs: 60_000 })
  const rest = opened.move()
  return { product, replay, dir, rows, moving: rows[place] as Row, [Symbol.asyncDispose]: () => rest.disposeAsync() }
}
