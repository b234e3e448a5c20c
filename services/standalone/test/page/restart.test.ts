import { startMarketReplay, tempDir, until } from '@crypto-signals/testing'
import t from 'tap'
import { en } from '../../../../packages/dashboard/src/language/en.ts'
import { tapeSettings } from '../distributed/play.ts'
import { freePort, listening, startProduct } from '../product.ts'
import { startBrowser, visit } from './browser.ts'
import { buildPage } from './build-page.ts'
import { pageRows } from './on-page.ts'

t.test('a product that does not start is told of at once, with what it wrote', async (t) => {
  await using product = await startProduct({ MARKET_SOURCES: 'none-of-these' })
  await t.rejects(listening(product), /ended with 2 before it listened[\s\S]*MARKET_SOURCES/)
})

t.test('a page that is open says that the server is gone, and goes on when it is back, without a reload', async (t) => {
  const browser = await startBrowser()
  if (typeof browser === 'string') {
    t.pass('needs a browser', { skip: browser })
    return
  }
  t.teardown(() => browser.close())
  await buildPage()
  await using dir = await tempDir()
  await using market = await startMarketReplay({ rows: pageRows(50) })
  const settings = { ...tapeSettings(market, 1), DATA_DIR: dir.path, PORT: String(await freePort()) }
  const first = await startProduct(settings)
  await using _first = first
  await listening(first)
  await until(async () => (await first.ask('/api/coins/ethereum')).status === 200)

  await using opened = await visit(browser, `${first.url}/alerts?coin=ethereum`)
  const { page } = opened
  await using second = await visit(browser, `${first.url}/status`)
  const verdict = second.page.locator('.verdict')
  await verdict.getByText(en.status.uptime).waitFor()
  const light = page.locator('.connection')
  const coin = page.locator('.chosen-coin')
  await light.getByText(en.shell.live, { exact: true }).waitFor()
  await coin.getByText('$3,120.25').waitFor()
  await page.locator('#alert-threshold').fill('4000')

  for (const { expect } of [opened, second]) expect(/net::ERR_|dynamically imported module/)
  first.kill('SIGKILL')
  await first.exited
  await light.getByText(en.shell.waiting, { exact: true }).waitFor()
  t.ok(await coin.getByText('$3,120.25').isVisible(), 'what was known stays')
  await verdict.getByText(en.status.gone, { exact: true }).waitFor()
  // A screen whose code was not loaded before.
  await second.page.locator('.connection').getByText(en.shell.waiting, { exact: true }).waitFor()
  await second.page.getByRole('link', { name: en.shell.heatMap }).first().click()
  await second.page.getByText(en.shell.away, { exact: true }).waitFor()

  const last_updated = new Date().toISOString()
  market.rows = pageRows(50).map((row) =>
    row.id === 'ethereum' ? { ...row, current_price: 3_300, last_updated } : row,
  )
  const again = await startProduct(settings)
  await using _again = again
  await listening(again)
  await light.getByText(en.shell.live, { exact: true }).waitFor()
  await coin.getByText('$3,300.00').waitFor()
  t.equal(await page.locator('#alert-threshold').inputValue(), '4000', 'it is the same page')
  await second.page.locator('[data-tile]').first().waitFor()
  t.strictSame([...opened.faults, ...second.faults], [])
})
