import { parseArgs } from 'node:util'
import { scenariosOf } from './scenarios.ts'

/** What to simulate. */
type Options =
  | { what: 'month'; days: number; only: string }
  | { what: 'day'; hours: number; coins: number }
  | { what: 'nothing'; message: string }

const USAGE = 'usage: simulate --month [--days 31] [--only <part of a title>] | --day [--hours 2] [--coins 17142]'

/** Reads the command line; of one that cannot be, `nothing` with what is wrong. */
export const readOptions = (args: readonly string[]): Options => {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    if (values.month && values.day) throw new Error('either --month or --day')
    if (values.month) return monthOf(values.days, values.only)
    if (values.day) return dayOf(values.hours, values.coins)
    return { what: 'nothing', message: USAGE }
  } catch (error) {
    return { what: 'nothing', message: `${(error as Error).message}\n${USAGE}` }
  }
}

const OPTIONS = {
  month: { type: 'boolean', default: false },
  days: { type: 'string', default: '31' },
  only: { type: 'string', default: '' },
  day: { type: 'boolean', default: false },
  hours: { type: 'string', default: '2' },
  coins: { type: 'string', default: '17142' },
} as const

const monthOf = (given: string, only: string): Options => {
  const days = numberOf('days', given, { least: 1, most: 366, isWhole: true })
  const titles = scenariosOf(days).map(({ title }) => title)
  if (!titles.some((title) => title.includes(only)))
    throw new Error(`--only ${only}: no scenario has this in its title; they are: ${titles.join('; ')}`)
  return { what: 'month', days, only }
}

const dayOf = (hours: string, coins: string): Options => ({
  what: 'day',
  hours: numberOf('hours', hours, { least: 0.01, most: 744, isWhole: false }),
  coins: numberOf('coins', coins, { least: 1, most: 100_000, isWhole: true }),
})

interface Bounds {
  least: number
  most: number
  isWhole: boolean
}

const numberOf = (name: string, text: string, { least, most, isWhole }: Bounds): number => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value
  throw new Error(`--${name} ${text}: must be a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`)
}
