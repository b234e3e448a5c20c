/**
 * Every character there is, by what a reader sees of it: something, a blank between words, or nothing at all. Nothing is what
 * Unicode lets a font leave out, what has no form that all agree on, and the few letters and signs that are drawn as nothing.
 */
export function charactersBySight(): Record<'seen' | 'blank' | 'unseen', string[]> {
  const sorted: Record<'seen' | 'blank' | 'unseen', string[]> = { seen: [], blank: [], unseen: [] }
  for (let point = 0; point <= 0x10_ffff; point++) {
    const character = String.fromCodePoint(point)
    if (!character.isWellFormed()) continue
    if (UNSEEN.test(character)) sorted[BLANK.test(character) ? 'blank' : 'unseen'].push(character)
    else sorted.seen.push(character)
  }
  return sorted
}

const BLANK = /\s/
const UNSEEN =
  /\p{Default_Ignorable_Code_Point}|[\u{16fe4}\u2800\u{13441}\u{13442}\u{1d159}\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Z}]/u
