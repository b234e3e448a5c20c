import type { Action, Timeframe } from '../market/protocol.ts'
import { alerts } from './alerts.en.ts'
import { coin } from './coin.en.ts'
import { heatMap } from './heat-map.en.ts'
import { loading } from './loading.en.ts'
import { market } from './market.en.ts'
import { status } from './status.en.ts'

const timeframes: Record<Timeframe, string> = {
  SCALPING: 'Scalping',
  DAY_TRADING: 'Day',
  SWING_TRADING: 'Swing',
  LONG_TERM: 'Long term',
}

const actions: Record<Action, string> = {
  STRONG_BUY: 'Strong buy',
  BUY: 'Buy',
  HOLD: 'Hold',
  SELL: 'Sell',
  STRONG_SELL: 'Strong sell',
}

/** Every word of the page in English. Each part of the page has a section of its own. */
export const en = {
  name: 'English',
  timeframes,
  actions,
  shell: {
    skip: 'Skip to content',
    nav: 'Pages',
    market: 'Market',
    heatMap: 'Heat map',
    alerts: 'Alerts',
    status: 'Status',
    api: 'API',
    horizon: 'Horizon',
    theme: 'Use the light theme',
    themeDark: 'Use the dark theme',
    language: 'Language',
    live: 'Live',
    connecting: 'Connecting',
    loading: (coins: string) => `Loading, ${coins} coins`,
    waiting: 'Connection lost, trying again',
    simulated: 'Simulated market',
    simulatedShort: 'No price here is real.',
    simulatedWhy:
      'Prices, scores and alerts on this page are invented, to try it out. No real coin trades at these prices.',
    disclaimer: 'Scores are computed from free market data. They are no financial advice and promise no profit.',
    sources: 'Data from',
    notFound: 'There is no such page',
    notFoundWhy: 'Perhaps the address was mistyped.',
    toMarket: 'To the market',
    error: 'This part of the page failed',
    errorWhy: 'The rest goes on. Loading the page anew may help.',
    retry: 'Try again',
    close: 'Close',
  },
  age: {
    now: 'now',
    seconds: (n: number) => `${n} s`,
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => `${n} d`,
    ago: (age: string) => `${age} ago`,
  },
  coin,
  heatMap,
  alerts,
  loading,
  market,
  status,
  unsure: 'Too little data',
  confidence: 'Confidence',
  score: 'Score',
}

export type Words = typeof en
