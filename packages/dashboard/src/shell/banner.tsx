import './banner.css'
import { words } from '../language/words.ts'
import { source } from '../market/market.ts'

/** Says that the market is an invented one, on every screen, for as long as it is. */
export function Banner() {
  const { shell } = words.value
  if (source.value !== 'simulated') return null
  return (
    <p class="banner" role="note">
      <strong>{shell.simulated}</strong> <span class="banner-long">{shell.simulatedWhy}</span>
      <span class="banner-short">{shell.simulatedShort}</span>
    </p>
  )
}
