import './coin-sources.css'
import { api } from '../../api.ts'
import { words } from '../../language/words.ts'
import { Age } from '../../pieces/age.tsx'
import { useLoaded } from '../../pieces/loaded.tsx'
import { Panel } from '../../pieces/panel.tsx'
import type { Coin } from './detail.ts'

const PARTS = ['range', 'volume', 'supply', 'changes', 'sparkline'] as const

/** Of each part of what is shown who said it, and how long ago that was so. */
export function CoinSources({ coin }: { coin: Coin }) {
  const { coin: text } = words.value
  const { data, error } = useLoaded({ key: 'sources', ask: () => api.sources() })
  const titles = new Map(data?.data.map(({ name, title }) => [name, title]))
  const titleOf = (source: string) => {
    if (source === 'bars') return text.ownBars
    // A name of ours stands only where its title cannot be had.
    return data === null && error === null ? '' : (titles.get(source) ?? source)
  }
  const parts = [
    { part: 'price' as const, origin: { source: coin.source, observedAt: coin.observedAt } },
    ...PARTS.map((part) => ({ part, origin: coin.origins[part] })),
  ]
  return (
    <Panel class="coin-sources" title={text.sources}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.part}</th>
            <th scope="col">{text.source}</th>
            <th scope="col">{text.age}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, origin }) => (
            <tr key={part}>
              <th scope="row">{text.parts[part]}</th>
              <td>{origin === null ? <span class="faint">{text.notKnown}</span> : titleOf(origin.source)}</td>
              <td>{origin === null ? <span class="faint">–</span> : <Age at={origin.observedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
