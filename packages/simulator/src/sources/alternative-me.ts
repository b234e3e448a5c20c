import { DAY_MS } from '../market/coin.ts'
import { hash } from '../market/hash.ts'
import { pathAt } from '../market/path.ts'
import { unixSeconds } from '../world/numbers.ts'
import type { SimulatedSource } from './source.ts'

/** alternative.me: how the whole market feels, once a day, numbers as strings. */
export const alternativeMe: SimulatedSource = {
  name: 'alternative-me',
  refreshMs: 1_000,
  spread: 0,
  open: (view) => ({
    '/fng/': ({ query }) => {
      const seenAt = view.seenAt()
      const today = Math.floor(seenAt / DAY_MS) * DAY_MS
      const days = query('limit') === '0' ? 365 : Math.max(1, Math.min(365, Number(query('limit')) || 1))
      return {
        name: 'Fear and Greed Index',
        data: Array.from({ length: days }, (_, back) => {
          const value = feelingOf(view.world.seed, today - back * DAY_MS)
          return {
            value: String(value),
            value_classification: wordOf(value),
            timestamp: String(unixSeconds(today - back * DAY_MS)),
            ...(back === 0 && { time_until_update: String(unixSeconds(today + DAY_MS - seenAt)) }),
          }
        }),
        metadata: { error: null },
      }
    },
  }),
}

const feelingOf = (seed: number, ms: number) => Math.round(50 + 45 * Math.tanh(pathAt(hash(seed, 90), ms) / 3))

const wordOf = (value: number) =>
  ['Extreme Fear', 'Fear', 'Neutral', 'Greed', 'Extreme Greed'][
    [25, 46, 55, 76, 101].findIndex((below) => value < below)
  ]
