import './monogram.css'

/** A coin's sign, made from its name alone: the page loads no picture from elsewhere. */
export function Monogram({ coinId, symbol, large = false }: { coinId: string; symbol: string; large?: boolean }) {
  const hue = hueOf(coinId)
  const [first = '?'] = [...new Intl.Segmenter().segment(symbol.trim() || coinId)].map(({ segment }) =>
    segment.toUpperCase(),
  )
  return (
    <span class={large ? 'monogram monogram-large' : 'monogram'} style={{ '--hue': String(hue) }} aria-hidden="true">
      {first}
    </span>
  )
}

function hueOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return (hash >>> 0) % 360
}
