/** A number in [0, 1) that follows from the words alone (FNV-1a, mixed). */
export const chance = (...words: readonly string[]): number => {
  let bits = 0x811c9dc5
  for (const letter of words.join('\n')) bits = Math.imul(bits ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32
}

/** Numbers in [0, 1), one after another, all from one word. */
export const drawsOf = (word: string): (() => number) => {
  let count = 0
  return () => chance(word, String(count++))
}
