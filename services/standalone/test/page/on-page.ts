import { until } from '@crypto-signals/testing'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { en, type Words } from '../../../../packages/dashboard/src/language/en.ts'
import { ko } from '../../../../packages/dashboard/src/language/ko.ts'
import { ONE_OF_EACH, type System, startDistributed, startEmbedded } from '../../bench/system.ts'
import { madeUpRows, type Row } from '../market-rows.ts'
import { START_MS } from '../product.ts'
import {
  barriers,
  LANGUAGES,
  type Language,
  overflows,
  type Reader,
  startBrowser,
  type Visit,
  visit,
} from './browser.ts'
import { buildPage } from './build-page.ts'

/** A running system with the page, in one of its forms, read in one language. */
export interface Stage {
  form: Form
  language: Language
  words: Words
  system: System
  /** Opens a path of the page; what the page complains of until the end of the test fails it. */
  open: (path: string, reader?: Omit<Reader, 'language'>) => Promise<Visit>
  /** Looks at a page that is drawn: it fits its screen, and has no barrier. Leaves a picture. */
  look: (opened: Visit, name: string) => Promise<void>
  /** The name of a picture or of a thing of the test's own, which no other form and language uses. */
  own: (name: string) => string
}

type Form = (typeof FORMS)[number]
/** That which needs no servers comes last. */
const FORMS = ['distributed', 'embedded'] as const

/** What is played of the page, by what it shows. */
export type Scenes = Record<string, (t: Test, stage: Stage) => Promise<void>>

/**
 * Plays each scene on each form of the system, each time in another language; where the servers of one are missing, on the other in
 * both. One system of each form is started, and all coins are scored before the first scene.
 */
export async function onPage(t: Test, scenes: Scenes): Promise<void> {
  const browser = await startBrowser()
  if (typeof browser === 'string') {
    t.pass('needs a browser', { skip: browser })
    return
  }
  await buildPage()
  const rows = pageRows()
  const turns: number[] = []
  try {
    for (const [turn, form] of FORMS.entries()) {
      turns.push(turn)
      const started = await START[form](rows)
      if (typeof started === 'string') {
        t.pass(`${form} needs the servers`, { skip: started })
        continue
      }
      await using system = started
      await until(() => isScored(system, rows.length), { timeoutMs: START_MS }).catch((error) => {
        throw new Error(`${error}\n${system.told()}`)
      })
      for (const [index, [title, play]] of Object.entries(scenes).entries())
        for (const turn of turns) {
          const language = LANGUAGES[(index + turn) % LANGUAGES.length] as Language
          await t.test(`${title} (${form}, ${language})`, (t) => scene(t, play, { browser, form, language, system }))
        }
      turns.length = 0
    }
  } finally {
    await browser.close()
  }
}

const WORDS: Record<Language, Words> = { en, ko }
// Sweeps without a pause would take from the browser what a small machine has.
const SETTINGS = { STREAMS_PER_ADDRESS: '10000', SWEEP_INTERVAL_SECONDS: '3' }

const START: Record<Form, (rows: Row[]) => Promise<System | string>> = {
  embedded: (rows) => startEmbedded(rows, SETTINGS),
  distributed: (rows) => startDistributed(rows, ONE_OF_EACH, SETTINGS),
}

async function isScored({ ask }: System, coins: number): Promise<boolean> {
  const { status, body } = await ask('/api/signals/stats')
  return status === 200 && body.data.overview.totalCoins === coins
}

async function scene(
  t: Test,
  play: Scenes[string],
  { browser, form, language, system }: Pick<Stage, 'form' | 'language' | 'system'> & { browser: Browser },
): Promise<void> {
  const visits: Visit[] = []
  const own = (name: string) => `${name}-${form}-${language}`
  const open: Stage['open'] = async (path, reader) => {
    const opened = await visit(browser, `${system.url}${path}`, { ...reader, language })
    visits.push(opened)
    // A process that a busy machine keeps waiting is out for a moment: the page asks again, and what it shows is tested.
    if (form === 'distributed') opened.expect(/status of 50[34]/)
    return opened
  }
  const look: Stage['look'] = async ({ page, shot }, name) => {
    t.notOk(await overflows(page), `${name} is no wider than its screen`)
    t.strictSame(await barriers(page), [], `${name} is for everybody`)
    await shot(own(name))
  }
  try {
    const patient = { ...system, ask: patientAsk(system) }
    await play(t, { form, language, system: patient, words: WORDS[language], open, look, own })
    t.strictSame(
      visits.flatMap(({ faults }) => faults),
      [],
      'the page complains of nothing',
    )
  } catch (error) {
    for (const [index, { shot }] of visits.entries()) await shot(own(`failed-${index}`)).catch(() => {})
    t.comment(system.told().slice(-TOLD_CHARACTERS))
    throw error
  } finally {
    for (const one of visits) await one[Symbol.asyncDispose]()
  }
}

// Of what the system wrote before a scene failed.
const TOLD_CHARACTERS = 20_000

/** A process that a busy machine keeps waiting is out for a moment: what only reads is asked once more. */
const patientAsk =
  ({ ask }: System): System['ask'] =>
  async (path, init) => {
    const answer = await ask(path, init)
    return answer.status === 503 && init === undefined ? await ask(path) : answer
  }

/** Markup where text belongs: whoever lets it through runs it, which the page then complains of. */
export const MARKUP = '<img src=x onerror=console.error("markup")>'

/** The coin of which all is markup. */
export const HOSTILE = { id: MARKUP, symbol: '<b>x</b>', name: '"><script>console.error("markup")</script>' } as const

const SAID = [
  { id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', current_price: 64_210.5, market_cap: 1.27e12 },
  { id: 'ethereum', symbol: 'eth', name: 'Ethereum', current_price: 3_120.25, market_cap: 3.7e11 },
  { id: 'hostile', symbol: 'hstl', name: MARKUP, current_price: 12.5, market_cap: 2e11 },
  { ...HOSTILE, current_price: 7.5, market_cap: 1e11 },
  // One symbol, two coins.
  { id: 'first-twin', symbol: 'twin', name: 'First Twin', current_price: 2, market_cap: 9e10 },
  { id: 'second-twin', symbol: 'twin', name: 'Second Twin', current_price: 3, market_cap: 8e10 },
] as const

/** A small market, observed just now: its largest coins are well known, have markup for names, or share a symbol. */
export function pageRows(count = 400): Row[] {
  const last_updated = new Date().toISOString()
  return madeUpRows(count, 17).map((row, index) => {
    const said = SAID[index]
    return { ...row, last_updated, ...(said === undefined ? {} : { ...said, market_cap_rank: index + 1 }) }
  })
}

/** Gives a coin of the market another price, observed just now. */
export function pricedAt({ market }: System, coinId: string, current_price: number): void {
  const last_updated = new Date().toISOString()
  market.rows = (market.rows as { id: string }[]).map((row) =>
    row.id === coinId ? { ...row, current_price, last_updated } : row,
  )
}
