import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** How a reader came: what his browser says of him, and on what he reads. */
export interface Reader {
  language?: Language
  theme?: 'dark' | 'light'
  size?: keyof typeof SIZES
}

export type Language = (typeof LANGUAGES)[number]
export const LANGUAGES = ['en', 'ko'] as const

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

/** A page in a browser, and all that it complained of. */
export interface Visit extends AsyncDisposable {
  page: Page
  /** Errors on the console, exceptions and violations of the policy, but for those that were to be expected. */
  readonly faults: string[]
  /** What is not held against the page, for example that a server that was stopped does not answer. */
  expect: (fault: RegExp) => void
  /** Writes a picture to `.tap/page`, to be looked at. */
  shot: (name: string) => Promise<void>
}

const CHROMIUM_MISSING =
  'no Chromium: install it (apt-get install chromium, brew install --cask chromium) or set CHROMIUM to its path'

/** Chromium; or what to do about it where there is none. With REQUIRE_SERVERS=1 it then rejects instead. */
export async function startBrowser(): Promise<Browser | string> {
  const executablePath = chromiumPath()
  if (executablePath !== undefined)
    return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(CHROMIUM_MISSING)
  return CHROMIUM_MISSING
}

function chromiumPath(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env
  if (CHROMIUM) return CHROMIUM
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const inPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...inPath, ...INSTALLED].find(existsSync)
}

const INSTALLED = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Opens an address as a reader who was never here before. */
export async function visit(browser: Browser, url: string, reader: Reader = {}): Promise<Visit> {
  const { language = 'en', theme = 'dark', size = 'desktop' } = reader
  const context = await browser.newContext({
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    timezoneId: 'UTC',
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const said: string[] = []
  const expected: RegExp[] = []
  const fault = (text: string) => void said.push(text)
  context.on('console', (message) => {
    if (message.type() === 'error') fault(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => fault(String(error.error().stack)))
  page.on('crash', () => fault('the page crashed'))
  await page.addInitScript(TELL_VIOLATIONS)
  await page.goto(url)
  return {
    page,
    get faults() {
      return said.filter((text) => !expected.some((one) => one.test(text)))
    },
    expect: (one) => void expected.push(one),
    shot: async (name) =>
      void (await page.screenshot({
        path: join(SHOTS, `${name}-${size}-${theme}-${language}.png`),
        animations: 'disabled',
      })),
    [Symbol.asyncDispose]: () => context.close(),
  }
}

// What runs in the browser is text here: these sources are checked as Node's.
const TELL_VIOLATIONS = {
  content: `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error('against the policy: ' + violatedDirective + ' ' + blockedURI))`,
}

/** Longer than an event takes that a busy machine failed at and was given again; what is fast is measured elsewhere. */
const PATIENCE_MS = 90_000
const SHOTS = join(import.meta.dirname, '../../../../.tap/page')

/** What is seriously wrong for those who read without eyes, mouse or colours, in words. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    )
}

/** Whether anything is wider than the screen, so that the page itself scrolls sideways. */
export const overflows = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
