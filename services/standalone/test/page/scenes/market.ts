import { until } from '@crypto-signals/testing'
import { MARKUP, type Scenes, type Stage } from '../on-page.ts'

const ROW = '.coins-body [data-index]'

/** Each theme on each screen, and each language on both. */
const READERS = {
  en: [
    { theme: 'dark', size: 'desktop' },
    { theme: 'light', size: 'phone' },
  ],
  ko: [
    { theme: 'light', size: 'desktop' },
    { theme: 'dark', size: 'phone' },
  ],
} as const

export const MARKET: Scenes = {
  'what is typed is found at once, and markup in names stays text': async (t, { open, words }) => {
    const { page } = await open('/')
    await page.locator(ROW).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('btc')
    await page.locator('.coin-name', { hasText: /^Bitcoin$/ }).waitFor()
    await page.locator(`${ROW}[data-index="0"] .coin-name`, { hasText: /^Bitcoin$/ }).waitFor()
    await page.waitForURL(/\?q=btc$/)
    await page.keyboard.press('ArrowDown')
    t.equal(await page.locator('[role=grid]:focus').getAttribute('aria-activedescendant'), 'coin-row-0')
    await page.keyboard.press('/')
    await page.keyboard.type('ethereum')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/coin\/ethereum$/)
    await page.goBack()
    await page.locator('.search input').fill('<img')
    await page.locator('.coin-name', { hasText: MARKUP }).waitFor()
    t.equal(await page.locator('main img, main script').count(), 0)
    await page.locator('.search input').fill('no coin is called so')
    await page.getByText(words.market.none).waitFor()
    await page.locator('.coins-clear').click()
    await page.locator(ROW).nth(10).waitFor()
    await page.waitForURL(/\/$/)
  },

  'heads sort, scores of every horizon among them, and a link shows the same table': async (t, stage) => {
    const { page } = await stage.open('/')
    await page.locator(ROW).first().waitFor()
    const { market, timeframes } = stage.words
    await page.getByRole('button', { name: market.scoreOn(timeframes.LONG_TERM) }).click()
    await page.locator('[aria-sort=descending]').waitFor()
    await falling(t, page, '.cell-chosen .score')
    await page.waitForURL(/\?sort=score&timeframe=long_term$/)
    const { page: sent } = await stage.open(`/${new URL(page.url()).search}`)
    await sent.getByRole('button', { name: timeframes.LONG_TERM, pressed: true }).waitFor()
    await page.getByRole('button', { name: market.sorts['24h'] }).click()
    await falling(t, page, '.cell-day')
    const first = await page.locator(`${ROW}[data-index="0"] .coin-name`).textContent()
    await page.waitForURL(/\?sort=24h/)
    const { page: other } = await stage.open(`/${new URL(page.url()).search}`)
    await other.locator(`${ROW}[data-index="0"] .coin-name`, { hasText: first ?? '' }).waitFor()
    await falling(t, other, '.cell-day')
  },
  'an action shows the coins of which the horizon says so, and stars those that the reader chose': async (t, stage) => {
    const { page } = await stage.open('/')
    const { words } = stage
    const hold = page.locator('.landscape-filter[data-action=HOLD]')
    await page.locator(ROW).first().waitFor()
    await hold.click()
    const said = async () => new Set(await page.locator(`${ROW} .signal-word`).allTextContents())
    await until(async () => (await said()).size === 1)
    t.strictSame(await said(), new Set([words.actions.HOLD]))
    t.equal(await hold.getAttribute('aria-pressed'), 'true')
    await page.getByRole('button', { name: words.market.clear }).click()
    await page.locator('[role=grid][aria-rowcount="401"]').waitFor()
    await page.locator('[role=grid]').focus()
    for (const key of ['ArrowDown', 's']) await page.keyboard.press(key)
    await page.getByRole('button', { name: words.market.starred, exact: true }).click()
    await page.locator('.coins-body .coin-name', { hasText: 'Ethereum' }).waitFor()
    t.equal(await page.locator(ROW).count(), 1)
    await page.reload()
    await page.locator('.coins-body .star[aria-pressed=true]').waitFor()
  },

  'the keyboard goes through all rows and opens one, and going back finds the table as it was left': async (
    t,
    stage,
  ) => {
    const { page } = await stage.open('/')
    // First come the largest hundred, then all.
    await page.locator('[role=grid][aria-rowcount="401"]').waitFor()
    await page.locator('[role=grid]').focus()
    await page.keyboard.press('End')
    await page.locator('#coin-row-399').waitFor()
    t.equal(await page.locator('[role=grid]').getAttribute('aria-activedescendant'), 'coin-row-399')
    const at = await page.evaluate<number>('scrollY')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/coin\//)
    await page.goBack()
    await page.locator('#coin-row-399').waitFor()
    t.equal(await page.evaluate<number>('scrollY'), at)
  },

  'until the whole market has come, no rows of another view pass for what is searched': async (t, { open }) => {
    const { page } = await open('/?sort=score')
    // The largest hundred come, the rest does not.
    await page.context().route(/\/api\/export\.ndjson$/, () => {})
    await page.goto(new URL('/', page.url()).href)
    await page.locator('[role=grid][aria-rowcount="101"]').waitFor()
    await page.locator('.search input').fill('twin')
    await page.locator('.coins-awaited').waitFor()
    t.equal(await page.locator(ROW).count(), 0)
    await page.locator('.search input').fill('')
    await page.locator('[role=grid][aria-rowcount="101"]').waitFor()
    await page.locator('.search input').fill('twin')
    await page.waitForURL(/\?q=twin$/)
    await page.context().unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await page.locator(ROW, { hasText: 'Second Twin' }).waitFor()
    t.equal(await page.locator(ROW).count(), 2)
  },

  'what is searched during the first sweep is not said to be none, nor is a coin unknown': async (
    t,
    { open, words },
  ) => {
    const { market, coin } = words
    const visit = await open('/')
    visit.expect(/404/)
    const { page } = visit
    await page.context().route('**/api/coverage', async (route) => {
      const response = await route.fetch()
      const json = await response.json()
      await route.fulfill({ response, json: { ...json, data: { ...json.data, scored: 100 } } })
    })
    await page.reload()
    await page.getByText(market.sweep('100', '400')).waitFor()
    await page.locator('.search input').fill('no coin is called so')
    await page.getByText(market.notYetWhy('100', '400')).waitFor()
    t.equal(await page.getByText(market.none, { exact: true }).count(), 0)
    await page.goto(new URL('/coin/not-yet', page.url()).href)
    await page.getByText(coin.notYet('not-yet')).waitFor()
    await page.getByText(coin.notYetWhy('100', '400')).waitFor()
    await page.goBack()
    await page.context().unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await page.getByText(market.none, { exact: true }).waitFor()
  },

  'small coins are hidden where the reader asks for it, all filters together, and a link hides the same': async (
    t,
    stage,
  ) => {
    const { market } = stage.words
    const { page } = await stage.open('/?sort=score')
    const grid = page.locator('[role=grid]')
    await page.locator('[role=grid][aria-rowcount="401"]').waitFor()
    await page.getByRole('combobox', { name: market.byRank, exact: true }).selectOption('100')
    await page.locator('[role=grid]:not([aria-rowcount="401"])').waitFor()
    await page.getByRole('combobox', { name: market.byVolume, exact: true }).selectOption('1000000')
    await page.locator('.landscape-filter[data-action=HOLD]').click()
    await page.waitForURL(
      (url) => url.search === '?sort=score&actions=hold&rank=100&volume=1000000&timeframe=swing_trading',
    )
    const said = () =>
      page.locator(`${ROW} .cell-signal`).evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-action')))
    await until(async () => (await said()).every((action) => action === 'HOLD'))
    const ranks = (await page.locator(`${ROW} .cell-rank`).allTextContents()).map(Number)
    t.ok(ranks.length > 0 && Math.max(...ranks) <= 100)
    const shown = await grid.getAttribute('aria-rowcount')
    const { page: other } = await stage.open(`/${new URL(page.url()).search}`)
    await other.locator(`[role=grid][aria-rowcount="${shown}"]`).waitFor()
    await page.getByRole('button', { name: market.clear }).click()
    await page.locator('[role=grid][aria-rowcount="401"]').waitFor()
    await page.waitForURL(/\?sort=score&timeframe=swing_trading$/)
  },

  'the whole market is shown, live, for eyes, keyboard and screen reader alike': async (t, stage) => {
    const { open, look, words, language } = stage
    for (const reader of READERS[language]) {
      const opened = await open('/', reader)
      const { page } = opened
      await page.locator(ROW).first().waitFor()
      await page.locator('.connection', { hasText: words.shell.live }).waitFor()
      t.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), '401', 'all rows and the head')
      t.ok((await page.locator(ROW).count()) < 60, 'only those on the screen are drawn')
      t.equal(await page.title(), `${words.market.document} · Crypto Signals`)
      await look(opened, 'market')
    }
  },
}

type Page = Awaited<ReturnType<Stage['open']>>['page']

/** Waits until the figures in a column fall from row to row. */
async function falling(t: { ok: (value: boolean) => unknown }, page: Page, cell: string): Promise<void> {
  await until(async () => {
    const texts = await page.locator(`.coins-body ${cell}`).allTextContents()
    // But those that are shortened, each language in its own way.
    const figures = texts
      .filter((text) => /^[-+]?[\d.,]+%?$/.test(text))
      .map((text) => Number.parseFloat(text.replaceAll(',', '')))
    return figures.length > 8 && figures.every((figure, i) => i === 0 || figure <= (figures[i - 1] ?? 0))
  })
  t.ok(true)
}
