import type { SourceLimits } from '../source.ts'

export interface PlanInput {
  limits: SourceLimits
  feeds: readonly PlannedFeed[]
  /** Credits a month that go to something else than feeds. */
  besides: number
  /** Nothing else is there to keep coins fresh: the source spends nearly all it has on going through all of them. */
  alone: boolean
  /** How long the running month is. */
  monthMs: number
}

export interface PlannedFeed {
  name: string
  bestEveryMs: number
  share: number
  urgent: boolean
  /** Calls of a round, and what they cost in sum. */
  calls: number
  credits: number
}

/** From one round of each feed to the next, in ms: the shortest that the source's limits bear. */
export function planOf(input: PlanInput): ReadonlyMap<string, number> {
  const byRate = intervalsAtRate(input)
  const credits = creditsOf(input)
  const intervalOf = (feed: PlannedFeed) => {
    const atRateMs = byRate.get(feed.name) ?? feed.bestEveryMs
    const borne = credits(feed)
    if (borne === null) return Math.round(atRateMs)
    // However small a budget is, it bears a round a month.
    const inMonthMs = input.monthMs * Math.min(1, feed.credits / Math.max(borne, 1e-9))
    return Math.round(Math.max(atRateMs, inMonthMs))
  }
  return new Map(input.feeds.map((feed) => [feed.name, intervalOf(feed)]))
}

const MINUTE_MS = 60_000

/** The rest is for tries that fail, for pairs and for history. */
const SHARE_OF_RATE = 0.8
/** The most of it that urgent feeds may take from the others. */
const URGENT_SHARE_OF_RATE = 0.2

/** What all feeds together may spend of a month; the rest is for tries that fail. */
export const SHARE_OF_MONTH = 0.9
const SHARE_ALONE = 0.97
const URGENT_SHARE_ALONE = 0.005

/** The most calls a ms that feeds together may make. */
const rateOf = ({ perMinute, minGapMs }: SourceLimits) => SHARE_OF_RATE / Math.max(MINUTE_MS / perMinute, minGapMs)

function intervalsAtRate({ limits, feeds }: PlanInput): Map<string, number> {
  const rate = rateOf(limits)
  const urgent = feeds.filter((feed) => feed.urgent)
  const patient = feeds.filter((feed) => !feed.urgent)
  const first = stretched(urgent, patient.length === 0 ? rate : rate * URGENT_SHARE_OF_RATE)
  const taken = urgent.reduce((sum, { name, calls }) => sum + calls / (first.get(name) ?? Infinity), 0)
  return new Map([...first, ...stretched(patient, rate - taken)])
}

/** All feeds as often as is best, or, where that is too much, all of them less often by the same factor. */
function stretched(feeds: readonly PlannedFeed[], rate: number): Map<string, number> {
  const best = feeds.reduce((sum, { calls, bestEveryMs }) => sum + calls / bestEveryMs, 0)
  const factor = Math.max(1, best / rate)
  return new Map(feeds.map(({ name, bestEveryMs }) => [name, bestEveryMs * factor]))
}

/** Of each feed the credits it may spend in a month; null without such a limit. */
function creditsOf({ limits: { perMonth }, feeds, besides, alone }: PlanInput): (feed: PlannedFeed) => number | null {
  if (perMonth === null) return () => null
  const shareOf = alone ? shareAlone(feeds) : ({ share }: PlannedFeed) => share
  const wanted = feeds.reduce((sum, feed) => sum + shareOf(feed), 0)
  const most = (alone ? SHARE_ALONE : SHARE_OF_MONTH) - besides / perMonth
  const fitted = Math.max(0, Math.min(1, most / wanted))
  return (feed) => shareOf(feed) * fitted * perMonth
}

function shareAlone(feeds: readonly PlannedFeed[]): (feed: PlannedFeed) => number {
  const patient = feeds.filter(({ urgent }) => !urgent)
  if (patient.length === 0) return ({ share }) => share
  const sum = patient.reduce((total, { share }) => total + share, 0)
  return ({ urgent, share }) => (urgent ? URGENT_SHARE_ALONE : share / sum)
}
