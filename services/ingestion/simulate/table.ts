import type { SourceFacts } from '../src/source.ts'
import {
  ASSUMPTIONS,
  LATENCY_MS,
  LISTED_COINS,
  MAPPED_PAIRS_SHARE,
  TOKENS,
  TRADED_COINS,
  UNPRICED_SHARE,
} from './assumptions.ts'
import type { ModelWorld } from './model-world.ts'
import { hasPlan } from './plans.ts'
import type { Outcome } from './run.ts'
import { type AgeRow, isMet, violationsOf } from './statistics.ts'

/** The head of the table: what is taken for granted of these sources. */
export const headOf = (world: ModelWorld, origin: string, sources: readonly Named[]): string[] => [
  `${world.coins.length} coins (${origin}); assumed of ${LISTED_COINS}:`,
  ...Object.entries(ASSUMPTIONS).map(
    ([source, { coins, refreshMs, grounds }]) =>
      `  ${source.padEnd(15)}${String(coins).padStart(6)} coins, new every ${shown(refreshMs).padEnd(6)} ${grounds}`,
  ),
  ...sources.flatMap(unknownOf),
  `  ${TRADED_COINS} coins on an exchange, ${MAPPED_PAIRS_SHARE * 100} % of pairs mapped; ${TOKENS} with a contract;`,
  `  ${UNPRICED_SHARE * 100} % priced by nobody and left out; an answer takes ${LATENCY_MS.least} to ${LATENCY_MS.most} ms`,
]

type Named = Pick<SourceFacts, 'name' | 'kind'>

/** A line of a source that somebody added and nobody assumed anything of. */
const unknownOf = ({ name, kind }: Named): string[] => {
  const unknown = [
    ...(hasPlan(name) ? [] : ['the limits of its own definition, as its plan is not known']),
    ...(kind === 'index' || Object.hasOwn(ASSUMPTIONS, name) ? [] : ['no coin, as nothing is assumed of it']),
  ]
  return unknown.length === 0 ? [] : [`  ${name.padEnd(15)} ${unknown.join('; ')}`]
}

/** A scenario's part of the table. */
export const linesOf = (outcome: Outcome, ages: readonly AgeRow[]): string[] => {
  const violations = violationsOf(outcome)
  return [
    '',
    `== ${outcome.scenario.title}`,
    '  quota            requests  peak/min  credits/month        limit  refused',
    ...Object.entries(outcome.usage).map(([source, usage]) => {
      const { perMonth = null, windows = [] } = outcome.plans[source] ?? {}
      const limit = [
        ...windows.map(({ ms, weight }) => `${weight}/${ms / 1_000} s`),
        ...(perMonth ? [`${perMonth}/mo`] : []),
      ]
      const refused = Object.values(usage.violations).reduce((sum, count) => sum + count, 0)
      return `  ${source.padEnd(15)}${cell(usage.requests, 10)}${cell(usage.peakPerMinute, 10)}${cell(usage.peakMonthCredits, 15)}  ${limit.join(', ').padStart(18)}${cell(refused, 5)}`
    }),
    `  limits broken: ${violations}  ${verdict(violations === 0)}`,
    '  age at a random moment   coins  median     p90     p99  worst coin (its own median)',
    ...ages.map(ageLine),
  ]
}

const cell = (value: number, width: number) => String(value).padStart(width)

const ageLine = (row: AgeRow): string => {
  const ages = [row.median, row.p90, row.p99, row.worstCoin].map((ms) => shown(ms).padStart(8)).join('')
  const judged =
    row.target === null
      ? ''
      : `  median at most ${shown(row.target.atMostMs)}: ${verdict(isMet(row))}; ${((row.within ?? 0) * 100).toFixed(1)} % of coins within`
  return `  ${row.of.padEnd(20)}${cell(row.coins, 10)}${ages}${judged}`
}

const verdict = (met: boolean) => (met ? 'met' : 'MISSED')

/** A time in its largest units. */
const shown = (ms: number): string => {
  if (ms < 60_000) return `${Math.round(ms / 1_000)}s`
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)}m`
  return `${(ms / 3_600_000).toFixed(1)}h`
}
