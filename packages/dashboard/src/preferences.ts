import { effect, signal } from '@preact/signals'
import { TIMEFRAMES, type Timeframe } from './market/protocol.ts'
import { horizonIn } from './pages/market/view-query.ts'
import { PATHS } from './routing/route.ts'

export type Theme = 'dark' | 'light'
export type LanguageCode = 'en' | 'ko'

const LIGHT = matchMedia('(prefers-color-scheme: light)')

/** What the reader chose, and what his browser says where he did not. Kept in this browser alone. */
export const theme = kept<Theme>('theme', LIGHT.matches ? 'light' : 'dark', ['dark', 'light'])
export const language = kept<LanguageCode>('language', navigator.language.startsWith('ko') ? 'ko' : 'en', ['en', 'ko'])
/** The horizon whose scores the page shows first: for this visit, that of a link to the market. */
export const horizon = kept<Timeframe>('horizon', 'SWING_TRADING', TIMEFRAMES, linkedHorizon())
/** Ids of the coins with a star. */
export const starred = signal<ReadonlySet<string>>(starsIn(read('starred')))

export function toggleStar(coinId: string): void {
  const stars = new Set(starred.value)
  if (!stars.delete(coinId)) stars.add(coinId)
  starred.value = stars
  write('starred', JSON.stringify([...stars]))
}

effect(() => {
  document.documentElement.dataset.theme = theme.value
})
effect(() => {
  document.documentElement.lang = language.value
})

function linkedHorizon(): Timeframe | null {
  return location.pathname === PATHS.market ? horizonIn(location.search) : null
}

function kept<T extends string>(key: string, otherwise: T, values: readonly T[], now: T | null = null) {
  const found = read(key)
  const held = signal<T>(now ?? values.find((value) => value === found) ?? otherwise)
  let isFirst = true
  effect(() => {
    const { value } = held
    // What was not chosen is not written: it goes on following the browser.
    if (!isFirst) write(key, value)
    isFirst = false
  })
  return held
}

// A browser may forbid storage: then nothing is remembered, and all else works.
function read(key: string): string | null {
  try {
    return localStorage.getItem(`crypto-signals.${key}`)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`crypto-signals.${key}`, value)
  } catch {}
}

function starsIn(text: string | null): ReadonlySet<string> {
  try {
    const ids: unknown = JSON.parse(text ?? '[]')
    return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string').slice(0, MOST_STARS) : [])
  } catch {
    return new Set()
  }
}

const MOST_STARS = 1_000
