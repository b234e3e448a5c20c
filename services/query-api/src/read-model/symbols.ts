import { createColumn } from './column.ts'

/** Which coins share a symbol; neither case matters nor how accents are encoded. */
export interface Symbols {
  set(slot: number, symbol: string): void
  /** Whether a slot has the symbol; null if none ever had it. */
  having(symbol: string): ((slot: number) => boolean) | null
}

export function createSymbols(): Symbols {
  const [known, codes] = [new Map<string, number>(), createColumn(Uint32Array)]
  return {
    set(slot, symbol) {
      const key = folded(symbol)
      // Nobody asks for the symbol of those that have none.
      const code = key === '' ? 0 : (known.get(key) ?? known.size + 1)
      if (code > known.size) known.set(key, code)
      codes.set(slot, code)
    },
    having(symbol) {
      const [code, { values }] = [known.get(folded(symbol)), codes]
      return code === undefined ? null : (slot) => values[slot] === code
    },
  }
}

// Both ways, as there are letters that only one of them makes equal: ẞ and ß, ß and SS.
const folded = (symbol: string) => symbol.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC')
