import { type Draw, drawsOf, hash, pick } from './hash.ts'
import { wordOf } from './names.ts'

/** Hands out symbols: `own` ones that no other coin has, and `shared` ones of which some are very popular. */
export const symbolsOf = (seed: number, coins: number) => {
  const taken = new Set<string>()
  const popular: string[] = []
  const own = (name: string, draw: Draw): string => {
    const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '') || 'x'
    for (let attempt = 0; ; attempt++) {
      const symbol = attempt < 4 ? letters.slice(0, 3 + attempt) : letters.slice(0, 3) + digits(attempt - 2, draw)
      if (taken.has(symbol)) continue
      taken.add(symbol)
      return symbol
    }
  }
  const draw = drawsOf(hash(seed, 1))
  while (popular.length < coins / 7) popular.push(own(wordOf(draw), draw))
  return {
    own,
    // The power makes the first of them far more popular than the last.
    shared: (draw: Draw): string => popular[Math.floor(draw() ** 1.6 * popular.length)] as string,
    take: (symbol: string) => taken.add(symbol),
  }
}

const digits = (count: number, draw: Draw) =>
  Array.from({ length: count }, () => pick('abcdefghijklmnopqrstuvwxyz0123456789'.split(''), draw)).join('')
