import type { Coverage, Health, SourceStatus } from '@crypto-signals/client'
import { Command } from 'commander'
import { type Act, type Context, sourceNote } from '../context.ts'
import { countOf, spanOf, UNKNOWN } from '../terminal/numbers.ts'
import type { Paint } from '../terminal/paint.ts'
import { type Column, table } from '../terminal/table.ts'
import { clean } from '../terminal/text.ts'

export const statusCommand = (act: Act): Command =>
  new Command('status')
    .description('how the server, its sources and its data are; exit code 1 unless all is well')
    .action(act(status))

async function status({ client, json, paint, width, now, print, printJson }: Context): Promise<number> {
  const health = await client.health()
  // While the engines are away there may be no coverage to tell of.
  const coverage = await client.coverage().catch(() => null)
  const code = health.status === 'OK' ? 0 : 1
  if (json) {
    printJson({ ...health, coverage: coverage?.data ?? null })
    return code
  }
  print(...sourceNote(health.meta.source, paint), ...healthLines(health, paint))
  if (coverage !== null) print('', ...coverageLines(coverage.data))
  if (health.sources.length > 0) print('', ...sourceLines(health.sources, now(), { paint, width }))
  return code
}

function healthLines(health: Health, { bold, good, bad, warn, dim }: Paint): string[] {
  const { status, reasons, database, bus, redis, metrics } = health
  const colour = { OK: good, WARNING: warn, ERROR: bad }
  const engines = Object.entries({ database, bus, cache: redis }).map(
    ([name, { status, adapter, latencyMs }]) =>
      `${name} ${colour[status](status)} ${dim(`${clean(adapter)}${latencyMs === null ? '' : `, ${latencyMs.toFixed(1)} ms`}`)}`,
  )
  const { coins, signals, alerts } = metrics
  return [
    `${bold(colour[status](status))}  version ${clean(health.version)}, up ${spanOf(health.uptime * 1_000)}, ${countOf(health.memory.rssBytes / 1e6)} MB`,
    ...reasons.map((reason) => warn(`  ${clean(reason)}`)),
    engines.join('  '),
    `coins ${countOf(coins)}  signals ${countOf(signals)}  alerts ${countOf(alerts)}`,
  ]
}

function coverageLines({ listed, priced, scored, freshness, ageMs }: Coverage['data']): string[] {
  const classes = Object.entries(freshness).map(([name, count]) => `${name} ${countOf(count)}`)
  const ages =
    ageMs === null ? '' : `; half at most ${spanOf(ageMs.p50)} old, 90% ${spanOf(ageMs.p90)}, 99% ${spanOf(ageMs.p99)}`
  return [
    `Of ${countOf(listed)} listed coins ${countOf(priced)} have a price and ${countOf(scored)} a score`,
    `Prices: ${classes.join(', ')}${ages}`,
  ]
}

const SOURCE_COLUMNS: readonly Column[] = [
  { title: 'SOURCE' },
  { title: 'STATE' },
  { title: 'COINS', align: 'right' },
  { title: 'SAID', align: 'right' },
  { title: 'LAG', align: 'right' },
  { title: 'LEFT/MIN', align: 'right' },
  { title: 'LEFT/MONTH', align: 'right' },
  { title: 'WHAT IS WRONG', most: 60 },
]

function sourceLines(
  sources: Health['sources'],
  now: number,
  { paint, width }: Pick<Context, 'paint' | 'width'>,
): string[] {
  const rows = sources.map(({ name, state, coins, lastSuccessAt, lagMs, budget, ...more }) => [
    name,
    { text: state, paint: { ok: paint.good, starting: paint.dim, limited: paint.warn, failing: paint.bad }[state] },
    countOf(coins),
    lastSuccessAt === null ? UNKNOWN : spanOf(now - Date.parse(lastSuccessAt)),
    lagMs === 0 ? UNKNOWN : spanOf(lagMs),
    `${countOf(budget.minuteLeft)}/${countOf(budget.perMinute)}`,
    budget.perMonth === null ? UNKNOWN : `${countOf(budget.monthLeft ?? 0)}/${countOf(budget.perMonth)}`,
    { text: troubleOf({ ...more, budget }), paint: paint.warn },
  ])
  return table(SOURCE_COLUMNS, rows, { paint, width })
}

function troubleOf({ lastError, budget, connected }: Pick<SourceStatus, 'lastError' | 'budget' | 'connected'>): string {
  const said = [
    connected === false && 'its stream is down',
    budget.blockedUntil !== null && `asked to wait until ${budget.blockedUntil}`,
    budget.exhaustsAt !== null && `budget ends ${budget.exhaustsAt}`,
    lastError,
  ]
  return said.filter((text) => typeof text === 'string').join('; ')
}
