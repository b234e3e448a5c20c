import './monogram.css'

/** A coin's sign, made from its name alone: the page loads no picture from elsewhere. */
export function Monogram({ coinId, name, large = false }: { coinId: string; name: string; large?: boolean }) {
  const hue = hueOf(coinId)
  return (
    <span class={large ? 'monogram monogram-large' : 'monogram'} style={{ '--hue': String(hue) }} aria-hidden="true">
      {firstOf(name.trim() || coinId)}
    </span>
  )
}

const SEGMENTER = new Intl.Segmenter()

/** What a reader takes for the first letter. */
function firstOf(text: string): string {
  const first = text.slice(0, 1)
  if (/[!-~]/.test(first)) return first.toUpperCase()
  return SEGMENTER.segment(text)[Symbol.iterator]().next().value?.segment.toUpperCase() ?? '?'
}

function hueOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return (hash >>> 0) % 360
}
