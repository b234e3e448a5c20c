import { type Draw, pick } from './hash.ts'

/** An invented word of two or three syllables, with a capital. */
export const wordOf = (draw: Draw): string => {
  const syllables = 2 + Number(draw() < 0.35)
  let word = ''
  for (let syllable = 0; syllable < syllables; syllable++) word += pick(ONSETS, draw) + pick(VOWELS, draw)
  if (draw() < 0.45) word += pick(CODAS, draw)
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** An invented name of a coin. */
export const nameOf = (draw: Draw): string => {
  const name = pick(SHAPES, draw)(draw)
  return draw() < 0.006 ? accented(name) : name
}

/** The id made of a name: ASCII letters, digits and hyphens, `_` where nothing is left. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || '_'

const ONSETS = 'b c d f g h j k l m n p r s t v z br ch cr dr fl gl kr pl qu sh st th tr vr x y'.split(' ')
const VOWELS = 'a e i o u a e i o ai ea io oo'.split(' ')
const CODAS = 'n r s x l m th nd rk sh'.split(' ')
const SUFFIXES =
  'Finance Protocol Network Token Coin Inu AI DAO Swap Chain Games Cash Labs Pay Cat Dog Money World Exchange Gold'.split(
    ' ',
  )
const PREFIXES = 'Baby Super Meta Mini Space King The Based Real Dark'.split(' ')

const plain = (draw: Draw) => wordOf(draw)
const suffixed = (draw: Draw) => `${wordOf(draw)} ${pick(SUFFIXES, draw)}`

const SHAPES: readonly ((draw: Draw) => string)[] = [
  plain,
  plain,
  plain,
  plain,
  plain,
  suffixed,
  suffixed,
  suffixed,
  (draw) => `${pick(PREFIXES, draw)} ${wordOf(draw)}`,
  (draw) => pick([`${wordOf(draw)}.fi`, `${wordOf(draw)} [Old]`, `$${wordOf(draw)}`, `${wordOf(draw)} (Sol)`], draw),
]

const ACCENTS: Readonly<Record<string, string>> = { a: 'ä', e: 'é', i: 'ï', o: 'ø', u: 'ü' }
const accented = (name: string) => name.replace(/[aeiou]/g, (vowel) => ACCENTS[vowel] ?? vowel)
