import { until } from '@crypto-signals/testing'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import type { System } from '../../../bench/system.ts'
import { HOSTILE, MARKUP, pricedAt, type Scenes, type Stage } from '../on-page.ts'

/** Of two coins with one symbol, the one that is meant. */
const TWIN = 'second-twin'

async function setFiresAndDeletes(t: Test, { system, open, words, own, look }: Stage) {
  const { alerts } = words
  const opened = await open('/alerts')
  const { page, shot } = opened
  const price = await priceOf(system, TWIN)
  await chooseByKeys(page, 'twin', ['First Twin', 'Second Twin'])
  await page.getByRole('button', { name: alerts.create, exact: true }).click()
  await page.getByText(alerts.faults.number).waitFor()
  t.equal(await page.evaluate<string>('document.activeElement.id'), 'alert-threshold', 'the fault has the focus')
  await page.keyboard.type(String(price * 1.5))
  await page.keyboard.press('Enter')
  const row = page.locator('.alert-list tbody tr').first()
  await row.getByText('Second Twin').waitFor()
  await row.getByText(alerts.watching).waitFor()
  await shot(own('alert-set'))

  pricedAt(system, TWIN, price * 2)
  const toast = page.locator('.toast').first()
  await toast.getByText(alerts.toast('TWIN')).waitFor()
  await page.locator('.alert-list tr[data-fired="true"]', { hasText: 'Second Twin' }).waitFor()
  const firing = page.locator('.fired-list tbody tr').first()
  await firing.getByText(alerts.isNew).waitFor()
  t.match(await firing.textContent(), /Second Twin/)
  await look(opened, 'alert-fired')
  await toast.getByRole('button').click()
  await toast.waitFor({ state: 'detached' })

  const alertId = (await system.ask('/api/alerts?limit=1')).body.data[0].alertId
  await row.getByRole('button').click()
  await until(async () => (await page.evaluate('document.activeElement.textContent')) === alerts.removeNo)
  await page.keyboard.press('Enter')
  await row.getByRole('button', { name: alerts.removeNo }).waitFor({ state: 'detached' })
  t.equal((await system.ask(`/api/alerts/${alertId}`)).status, 200, 'the first answer to the question is no')
  await row.getByRole('button').click()
  await row.getByRole('button', { name: alerts.removeYes, exact: true }).click()
  await until(async () => (await system.ask(`/api/alerts/${alertId}`)).status === 404)
  await page.locator('.alert-list tbody tr', { hasText: 'Second Twin' }).waitFor({ state: 'detached' })
}

/** Types a symbol, sees each coin that has it, and takes the last. */
async function chooseByKeys(page: Page, symbol: string, names: string[]): Promise<void> {
  const picker = page.getByRole('combobox', { expanded: false }).first()
  await picker.fill(symbol)
  for (const name of names) await page.getByRole('option', { name }).waitFor()
  for (const _ of names) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.chosen-coin', { hasText: names.at(-1) as string }).waitFor()
}

async function priceOf({ ask }: System, coinId: string): Promise<number> {
  let price = 0
  await until(async () => {
    const { status, body } = await ask(`/api/coins/${coinId}`)
    if (status === 200) price = body.data.priceUsd
    return status === 200
  })
  return price
}

async function markupStaysText(t: Test, { system, open, words }: Stage) {
  const { page } = await open(`/alerts?coin=${encodeURIComponent(MARKUP)}`)
  await page.locator('.chosen-coin', { hasText: HOSTILE.symbol.toUpperCase() }).waitFor()
  const alertIds = []
  for (const coinId of ['hostile', MARKUP]) {
    const settings = { threshold: 1e-9 }
    const { status, body } = await system.ask('/api/alerts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ coinId, alertType: 'price_above', settings }),
    })
    t.equal(status, 201)
    alertIds.push(body.data.alertId)
  }
  await page.locator('.toast', { hasText: HOSTILE.symbol.toUpperCase() }).first().waitFor()
  for (const list of ['.alert-list', '.fired-list'])
    for (const name of [MARKUP, HOSTILE.name])
      await page.locator(list).getByText(name, { exact: true }).first().waitFor()
  t.equal(await page.locator('img, script:not([src])').count(), 0)
  t.equal(await page.title(), `${words.alerts.title} · Crypto Signals`)
  for (const alertId of alertIds) await system.ask(`/api/alerts/${alertId}`, { method: 'DELETE' })
}

async function fitsEverywhere(t: Test, { open, look, words, language }: Stage) {
  for (const path of ['/alerts', '/status'])
    for (const [size, theme] of [
      ['phone', 'dark'],
      ['desktop', 'light'],
    ] as const) {
      const opened = await open(path, { size, theme })
      const { page } = opened
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (path === '/status') await page.getByText(words.status.verdicts.OK, { exact: true }).waitFor()
      await page.locator('.loaded-lines').first().waitFor({ state: 'detached' })
      for (const terms of await page.locator('.credits .faint').allTextContents())
        if (language === 'ko') t.notMatch(terms.replaceAll('API', ''), /[a-z]/i, 'terms are Korean')
      await look(opened, path.slice(1))
      await opened[Symbol.asyncDispose]()
    }
}

async function saysThatItLoads(t: Test, { open, words }: Stage) {
  const { alerts } = words
  const { page } = await open('/')
  // Not the page alone: the market is asked for by its worker.
  await page.context().route('**/api/export**', () => {})
  await page.goto(new URL('/alerts', page.url()).href)
  await page.getByRole('combobox', { expanded: false }).first().fill('btc')
  await page.getByRole('option', { name: alerts.coinLoading }).waitFor()
  t.equal(await page.getByText(alerts.coinNone, { exact: true }).count(), 0)
  await page.context().unrouteAll({ behavior: 'ignoreErrors' })
  await page.reload()
  await page.getByRole('combobox', { expanded: false }).first().fill('no coin is called so')
  await page.getByRole('option', { name: alerts.coinNone }).waitFor()
}

async function tellsOfTheSystem(t: Test, { system, open, words }: Stage) {
  const { status, shell } = words
  await until(async () => (await system.ask('/api/health')).status === 200)
  const { page } = await open('/status')
  await page.getByText(status.verdicts.OK, { exact: true }).waitFor()
  const { body } = await system.ask('/api/health')
  t.match(await page.locator('.verdict').textContent(), new RegExp(`${status.coins}${body.metrics.coins}`))
  for (const service of ['query-api', 'alerting'])
    await page.locator('.status-services').getByText(service, { exact: true }).waitFor()
  await page.locator('.status-list').getByText(body.database.adapter).first().waitFor()
  const source = page.locator('.source-table tbody tr').first()
  await source.getByText('CoinGecko', { exact: true }).waitFor()
  await source.getByRole('button', { name: status.feedsOf('CoinGecko') }).click()
  await page
    .getByRole('table', { name: status.feedsOf('CoinGecko') })
    .getByText('sweep')
    .waitFor()
  await page.locator('.freshness-tiers').getByText(status.tiers.all).waitFor()
  const credit = page.getByRole('contentinfo').getByRole('link', { name: 'CoinGecko' })
  t.equal(await credit.getAttribute('href'), 'https://www.coingecko.com')
  t.ok(await page.getByRole('contentinfo').getByText(shell.disclaimer).isVisible())
}

export const ALERTS_AND_STATUS: Scenes = {
  'an alert is set by keys for one of two coins of a symbol, fires before the eyes, and is deleted': setFiresAndDeletes,
  'the status page tells of services, sources and ages, and every page whose data they are': tellsOfTheSystem,
  'markup for a name is text on alerts and notices': markupStaysText,
  'while the market loads the search for a coin says so': saysThatItLoads,
  'alerts and status fit phone and desktop, in both themes, without a barrier': fitsEverywhere,
}
