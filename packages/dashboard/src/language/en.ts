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
    theme: 'Switch to light theme',
    themeDark: 'Switch to dark theme',
    language: 'Language',
    live: 'Live',
    connecting: 'Connecting',
    loading: (coins: string) => `Loading: ${coins} coins`,
    waiting: 'Connection lost, reconnecting',
    simulated: 'Simulated market',
    simulatedShort: 'No real prices here.',
    simulatedWhy:
      'Prices, scores and alerts on this page are made up for demonstration. No real coin trades at these prices.',
    disclaimer:
      'Scores are calculated from free market data. They are not financial advice and do not guarantee profits.',
    sources: 'Data from',
    notFound: 'Page not found',
    notFoundWhy: 'Check the address and try again.',
    toMarket: 'Go to the market',
    error: 'Something went wrong here',
    errorWhy: 'The rest of the page still works. Reloading may help.',
    away: 'The server is not responding',
    awayWhy: 'Reconnecting automatically. This page opens as soon as the server is back.',
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
  unsure: 'Not enough data',
  confidence: 'Confidence',
  score: 'Score',
}

export type Words = typeof en
