import './freshness.css'
import type { Coverage } from '@crypto-signals/client'
import { ageText } from '../../language/figures.ts'
import { figures } from '../../language/shown.ts'
import { words } from '../../language/words.ts'

type Reach = Pick<Coverage['data'], 'listed' | 'priced' | 'scored' | 'freshness' | 'ageMs'>
type Tier = keyof ReturnType<typeof tierNames>
const tierNames = () => words.value.status.tiers

const PARTS = ['live', 'recent', 'delayed', 'stale', 'dead', 'none'] as const
type Part = (typeof PARTS)[number]

/** How old prices are: of the whole market as a bar, and of its tiers in figures. */
export function Freshness({ coverage }: { coverage: Coverage['data'] }) {
  const { status } = words.value
  const rows: [Tier, Reach][] = [
    ...coverage.tiers.filter(({ listed }) => listed > 0).map((tier): [Tier, Reach] => [tier.tier, tier]),
    ['all', coverage],
  ]
  return (
    <div class="freshness">
      <Bar reach={coverage} isLarge />
      <ul class="freshness-legend">
        {PARTS.map((part) => (
          <li key={part}>
            <span class="freshness-key" data-part={part} aria-hidden="true" />
            <span>
              {status.freshnessNames[part]} <span class="faint small">{status.freshnessWhy[part]}</span>
            </span>
            <strong>{figures.value.whole(countOf(coverage, part))}</strong>
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls sideways, also by keys */}
      <section class="status-scroll" tabIndex={0} aria-label={status.freshness}>
        <table class="freshness-tiers">
          <thead>
            <tr>
              <th scope="col">{status.tier}</th>
              <td />
              {[status.listed, status.priced, status.scored, status.half, status.ninety, status.ninetyNine].map(
                (name) => (
                  <th key={name} scope="col" class="figure">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(([tier, reach]) => (
              <TierRow key={tier} tier={tier} reach={reach} />
            ))}
          </tbody>
        </table>
      </section>
      <p class="faint small">{status.ageNote}</p>
    </div>
  )
}

function TierRow({ tier, reach }: { tier: Tier; reach: Reach }) {
  const { listed, priced, scored, ageMs } = reach
  const { whole, share } = figures.value
  const age = (ms: number | undefined) => (ms === undefined ? '–' : ageText(words.value, ms))
  return (
    <tr data-all={tier === 'all'}>
      <th scope="row">{tierNames()[tier]}</th>
      <td class="freshness-cell">
        <Bar reach={reach} />
      </td>
      <td class="figure">{whole(listed)}</td>
      <td class="figure">{listed === 0 ? '–' : share(priced / listed)}</td>
      <td class="figure">{listed === 0 ? '–' : share(scored / listed)}</td>
      <td class="figure">{age(ageMs?.p50)}</td>
      <td class="figure">{age(ageMs?.p90)}</td>
      <td class="figure">{age(ageMs?.p99)}</td>
    </tr>
  )
}

function Bar({ reach, isLarge = false }: { reach: Reach; isLarge?: boolean }) {
  const { freshnessNames } = words.value.status
  const { share } = figures.value
  const parts = PARTS.map((part) => ({ part, of: reach.listed === 0 ? 0 : countOf(reach, part) / reach.listed }))
  const text = parts
    .filter(({ of }) => of > 0)
    .map(({ part, of }) => `${freshnessNames[part]} ${share(of)}`)
    .join(', ')
  return (
    <div
      class={isLarge ? 'freshness-bar freshness-bar-large' : 'freshness-bar'}
      role="img"
      aria-label={text}
      title={text}
    >
      {parts.map(({ part, of }) => of > 0 && <span key={part} data-part={part} style={{ flexGrow: of }} />)}
    </div>
  )
}

const countOf = ({ freshness, listed, priced }: Reach, part: Part): number =>
  part === 'none' ? Math.max(0, listed - priced) : freshness[part]
