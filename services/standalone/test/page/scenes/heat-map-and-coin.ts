import { until } from '@crypto-signals/testing'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import type { Visit } from '../browser.ts'
import { HOSTILE, MARKUP, pricedAt, type Scenes, type Stage } from '../on-page.ts'

const TILE = '[data-tile]'

const READERS = [
  { theme: 'dark', size: 'desktop' },
  { theme: 'light', size: 'phone' },
] as const

async function mapForAll(t: Test, { open, words, look }: Stage) {
  const { heatMap } = words
  for (const reader of READERS) {
    const opened = await open('/heatmap', reader)
    const { page } = opened
    await page.locator(TILE).first().waitFor()
    t.equal(await page.locator(TILE).count(), reader.size === 'phone' ? 100 : 250)
    t.equal(await page.title(), `${heatMap.title} · Crypto Signals`)
    await look(opened, 'heat-map')
    await opened[Symbol.asyncDispose]()
  }
}

async function mapByKeys(t: Test, { open, words, own }: Stage) {
  const { heatMap } = words
  const { page, shot } = await open('/heatmap')
  await page.locator(TILE).first().waitFor()
  await page.locator(`${TILE}[tabindex="0"]`).focus()
  t.equal(await focused(page), 'bitcoin', 'the largest is the one in the tab order')
  await page.locator('.heat-card', { hasText: 'Bitcoin' }).waitFor()
  await page.keyboard.press('ArrowRight')
  const second = await focused(page)
  t.not(second, 'bitcoin')
  await page.keyboard.press('ArrowLeft')
  t.equal(await focused(page), 'bitcoin', 'the way back')
  await page.keyboard.press('End')
  await shot(own('heat-map-keys'))
  await page.keyboard.press('Escape')
  await page.locator('.heat-card').waitFor({ state: 'detached' })
  await page.keyboard.press('Home')
  await page.getByRole('button', { name: heatMap.top('100') }).click()
  await until(async () => (await page.locator(TILE).count()) === 100)
  await page.locator(`${TILE}[tabindex="0"]`).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Bitcoin' }).waitFor()
  await page.goBack()
  await until(async () => (await page.locator(TILE).count()) === 100)
}

async function mapSays(t: Test, { open, words, look }: Stage) {
  const { heatMap, actions, timeframes } = words
  const opened = await open('/heatmap')
  const { page } = opened
  await page.locator(TILE).first().waitFor()
  await page.getByRole('button', { name: heatMap.top('100') }).click()
  await until(async () => (await page.locator(TILE).count()) === 100)
  const hold = page.locator('.heat-actions button', { hasText: actions.HOLD })
  const coins = Number(await hold.locator('b').textContent())
  await hold.click()
  t.equal(await page.locator('.heat-tile:not(.heat-dim)').count(), coins, 'as many are lit as the legend counts')
  await page.getByRole('button', { name: heatMap.list, exact: true }).click()
  t.equal(await page.locator('.heat-list tbody tr').count(), coins, 'and listed')
  await hold.click()
  t.equal(await page.locator('.heat-list tbody tr').count(), 100)
  t.match(await page.locator('.heat-list tbody tr').first().textContent(), /Bitcoin/)
  await look(opened, 'heat-list')
  await page.getByRole('button', { name: heatMap.map, exact: true }).click()
  await page.getByRole('button', { name: timeframes.LONG_TERM, exact: true }).click()
  await page.getByText(heatMap.lead('100', timeframes.LONG_TERM)).waitFor()
}

async function coinForAll(t: Test, { open, words, look, system }: Stage) {
  const { coin, timeframes } = words
  let last: Visit | undefined
  for (const reader of READERS) {
    await last?.[Symbol.asyncDispose]()
    last = await open('/coin/bitcoin', reader)
    const { page } = last
    await page.locator('.horizon').first().waitFor()
    t.equal(await page.title(), 'Bitcoin · Crypto Signals')
    await until(async () => (await page.locator('.loaded-line').count()) === 0)
    await page.locator('.score-panel').getByText(coin.historyNoneWhy['1h']).waitFor()
    await look(last, 'coin')
  }
  const { page } = last as Visit
  const { data } = (await system.ask('/api/signals/coin/bitcoin')).body
  for (const [timeframe, signal] of Object.entries<Signal>(data.timeframes)) {
    const card = page.locator('.horizon', { hasText: timeframes[timeframe as keyof typeof timeframes] })
    await card.waitFor()
    t.equal(await card.locator('.horizon-score').textContent(), String(Math.round(signal.finalScore)))
    t.equal(await card.locator('.horizon-parts li').count(), signal.breakdown.length)
  }
  const alert = await page.getByRole('link', { name: coin.alert }).getAttribute('href')
  t.equal(alert, '/alerts?coin=bitcoin')
}

interface Signal {
  finalScore: number
  breakdown: unknown[]
}

async function coinInOneLanguage(t: Test, { open, language }: Stage) {
  const { page } = await open('/coin/bitcoin')
  await page.locator('.part-why').first().waitFor()
  const reasons = await page.locator('.part-why').allTextContents()
  t.equal(reasons.length, 16)
  for (const reason of reasons)
    if (language === 'ko') t.match(reason, /[가-힣]/, `${reason} is Korean`)
    else t.notMatch(reason, /[가-힣]/)
}

async function coinLives(t: Test, { open, system, words, own, form, language }: Stage) {
  const { coin } = words
  const { page, shot } = await open('/coin/ethereum')
  await page.locator('.profile-price-now').waitFor()
  const price = 4_000 + 100 * ['embeddeden', 'embeddedko', 'distributeden', 'distributedko'].indexOf(form + language)
  pricedAt(system, 'ethereum', price + 0.25)
  await page.locator('.profile-price-now', { hasText: `${price.toLocaleString('en')}.25` }).waitFor()
  const star = page.getByRole('button', { name: coin.star })
  await star.click()
  await page.reload()
  await page.locator('.profile-star[aria-pressed=true]').waitFor()
  await page.getByRole('group', { name: coin.span }).getByRole('button', { name: coin.spans['24h'] }).click()
  await page.locator('.price-panel').getByText(coin.gathering).or(page.locator('.price-panel .plot')).waitFor()
  await shot(own('coin-lives'))
  t.pass('price, star and spans')
}

async function coinUnknown(t: Test, { open, words, own }: Stage) {
  const { coin, shell } = words
  const visit = await open('/')
  visit.expect(/404/)
  const { page } = visit
  await page.goto(new URL('/coin/no-such-coin', page.url()).href)
  await page.getByText(coin.unknown('no-such-coin')).waitFor()
  await visit.shot(own('coin-unknown'))
  await page.locator('main').getByRole('link', { name: shell.toMarket }).click()
  await page.locator('.coins-body [data-index]').first().waitFor()
  t.equal(new URL(page.url()).pathname, '/')
}

async function markupStaysText(t: Test, { open }: Stage) {
  const { page } = await open('/heatmap')
  await page.locator(`${TILE}[data-tile=hostile]`).focus()
  await page.locator('.heat-card', { hasText: MARKUP }).waitFor()
  t.equal(await page.locator('main img, main script').count(), 0)
  await page.goto(new URL(`/coin/${encodeURIComponent(HOSTILE.id)}`, page.url()).href)
  await page.getByRole('heading', { level: 1, name: HOSTILE.name }).waitFor()
  t.equal(await page.title(), `${HOSTILE.name} · Crypto Signals`)
  await page.goto(new URL('/coin/hostile', page.url()).href)
  await page.getByRole('heading', { level: 1, name: MARKUP }).waitFor()
  t.equal(await page.locator('main img, main script, main b[id]').count(), 0)
}

const focused = (page: Page) => page.evaluate<string>('document.activeElement.dataset.tile')

export const HEAT_MAP_AND_COIN: Scenes = {
  'the price of a coin moves by itself, and a star stays': coinLives,
  'arrow keys go over the map, and Enter opens the coin': mapByKeys,
  'the legend lights what it counts, and a list says the same': mapSays,
  'a coin that is none is said to be none': coinUnknown,
  'markup in names and ids stays text': markupStaysText,
  'the map shows the largest coins, for eyes and screen reader, at a desk and on a phone': mapForAll,
  'a coin shows what each horizon says, as the API does': coinForAll,
  'reasons are in the language of the reader': coinInOneLanguage,
}
