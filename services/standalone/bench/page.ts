import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir, until } from '@crypto-signals/testing'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { startBrowser, visit } from '../test/page/browser.ts'
import { buildPage } from '../test/page/build-page.ts'
import { listening, type Product, startProduct } from '../test/product.ts'
import { quantile, say } from './say.ts'

const COINS = 17_000
const VISITS = 5
/** What the page may take: the first data, and a frame. */
const [FIRST_DATA_MS, FRAME_MS] = [1_000, 50]

/** What the web page costs its reader while the whole market is live: until data are seen, per frame, and in memory as time goes by. */
export async function benchPage({ seconds }: { seconds: number }): Promise<void> {
  const browser = await startBrowser()
  if (typeof browser === 'string') return say(`skipped: ${browser}`)
  try {
    await buildPage()
    await using dir = await tempDir()
    await using product = await startProduct({
      MARKET_SOURCES: 'simulator',
      DATA_DIR: dir.path,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '100000',
    })
    await listening(product)
    await until(async () => (await scoredOf(product)) >= COINS, { timeoutMs: 600_000 })
    say(`${await scoredOf(product)} coins, one process on the simulator, Chromium without a graphics card`)
    await firstData(browser, product.url)
    await frames(browser, product.url)
    await growth(browser, product.url, seconds)
  } finally {
    await browser.close()
  }
}

const scoredOf = async ({ ask }: Product): Promise<number> =>
  (await ask('/api/signals/stats')).body?.data?.overview?.totalCoins ?? 0

/** From the address being asked for to the first price being drawn; each time with nothing kept from before. */
async function firstData(browser: Browser, url: string): Promise<void> {
  const times: number[] = []
  for (let n = 0; n < VISITS; n++) {
    await using reader = await visit(browser, 'about:blank')
    await reader.page.addInitScript({ content: TELL_FIRST_PRICE })
    await reader.page.goto(url)
    await until(() => reader.page.evaluate<boolean>('window.firstPriceMs !== undefined'), { timeoutMs: 60_000 })
    times.push(await reader.page.evaluate<number>('window.firstPriceMs'))
  }
  const ms = (share: number) => `${quantile(times, share).toFixed(0)} ms`
  say(`first prices drawn after ${ms(0.5)} (median of ${VISITS}), at most ${ms(1)}; wanted: ${FIRST_DATA_MS} ms`)
}

/** Scrolls, sorts, searches and filters as a reader would while prices come in, and tells how long frames took. */
async function frames(browser: Browser, url: string): Promise<void> {
  await using reader = await visit(browser, url)
  const { page } = reader
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await page.waitForSelector(PRICE)
  await page.evaluate(WATCH_FRAMES)
  const doings: Record<string, (page: Page) => Promise<void>> = {
    'looking on': () => sleep(5_000),
    'scrolling by the wheel': scroll,
    'jumping through all rows': jump,
    sorting: sort,
    'searching as typed': search,
    'filtering, other horizons': filter,
  }
  say(`${''.padEnd(26)} frames   p99 ms   most ms   over ${FRAME_MS} ms   longest task: its CPU ms`)
  for (const [name, act] of Object.entries(doings)) {
    await page.evaluate('window.frameTimes.length = 0')
    await browser.startTracing(page, { categories: ['toplevel'] })
    await act(page)
    const cpuMs = longestTask(await browser.stopTracing())
    const took = await page.evaluate<number[]>('window.frameTimes')
    const over = took.filter((ms) => ms > FRAME_MS).length
    const columns = [took.length, quantile(took, 0.99), quantile(took, 1), over, cpuMs]
    say(name.padEnd(26) + columns.map((figure, i) => figure.toFixed(0).padStart([7, 9, 10, 13, 27][i] ?? 0)).join(''))
  }
}

interface TraceEvent {
  ph: string
  name: string
  pid: number
  tid: number
  /** CPU time, µs. */
  tdur?: number
  args?: { name?: string }
}

/**
 * The CPU time of the longest task on the thread that draws the page, ms. Where others use the machine too, frames are late for
 * their sake; this is what the page itself took.
 */
function longestTask(trace: Buffer): number {
  const { traceEvents } = JSON.parse(String(trace)) as { traceEvents: TraceEvent[] }
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const times = traceEvents
    .filter(({ ph, name, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000)
  return quantile(times, 1)
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 600)
  for (let step = 0; step < 120; step++) {
    await page.mouse.wheel(0, step % 40 < 30 ? 400 : -300)
    await sleep(30)
  }
}

async function jump(page: Page): Promise<void> {
  for (let step = 0; step <= 40; step++) {
    await page.evaluate(`scrollTo(0, document.documentElement.scrollHeight * ${(step * 7) % 41} / 41)`)
    await sleep(80)
  }
  await page.evaluate('scrollTo(0, 0)')
}

async function sort(page: Page): Promise<void> {
  const heads = await page.locator('.coin-sort').all()
  for (const head of heads)
    for (let time = 0; time < 2; time++) {
      if (!(await head.isVisible())) continue
      await head.click()
      await sleep(120)
    }
}

async function search(page: Page): Promise<void> {
  for (const text of ['bitcoin', 'eth', 'zzzz', 'a']) {
    await page.locator('.search input').pressSequentially(text, { delay: 60 })
    await page.locator('.search input').fill('')
  }
}

async function filter(page: Page): Promise<void> {
  for (const place of ['.landscape-filter', '.top .segmented button'])
    for (const button of await page.locator(place).all()) {
      await button.click()
      await sleep(150)
    }
}

/** Memory over time with the market live and the reader now and then at work: it must not grow. */
async function growth(browser: Browser, url: string, seconds: number): Promise<void> {
  await using reader = await visit(browser, url)
  const { page } = reader
  await page.waitForSelector(PRICE)
  const ofPage = await page.context().newCDPSession(page)
  const ofBrowser = await browser.newBrowserCDPSession()
  const everyMs = Math.max(5_000, (seconds * 1_000) / 10)
  for (let atMs = 0; ; atMs += everyMs) {
    await sayMemory(ofPage, ofBrowser, atMs)
    if (atMs >= seconds * 1_000) return
    await Promise.all([sleep(everyMs), jump(page)])
  }
}

async function sayMemory(page: CDPSession, browser: CDPSession, atMs: number): Promise<void> {
  await page.send('HeapProfiler.collectGarbage')
  const { usedSize } = await page.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await page.send('Memory.getDOMCounters')
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const rss = await Promise.all(renderers.map(({ id }) => rssOf(id)))
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`
  say(
    `after ${String(Math.round(atMs / 1_000)).padStart(4)} s: heap of the page ${mb(usedSize)}, nodes ${nodes}, listeners ${jsEventListeners}; its process with the worker ${mb(Math.max(0, ...rss))} RSS`,
  )
}

/** Of a process, bytes; 0 where the system does not tell. */
async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
}

const PRICE = '.coins-body .cell-price'

// What runs in the browser is text here: these sources are checked as Node's.
const TELL_FIRST_PRICE = `
  new MutationObserver((_, observer) => {
    if (document.querySelector('${PRICE}') === null) return
    observer.disconnect()
    requestAnimationFrame(() => requestAnimationFrame(() => { window.firstPriceMs = performance.now() }))
  }).observe(document, { childList: true, subtree: true })`

const WATCH_FRAMES = `
  window.frameTimes = []
  let last = performance.now()
  const frame = (now) => {
    window.frameTimes.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)`
