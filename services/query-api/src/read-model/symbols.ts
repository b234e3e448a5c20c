import { createColumn } from './column.ts'

/** Which coins share a symbol; case does not matter. */
export interface Symbols {
  set(slot: number, symbol: string): void
  /** Whether a slot has the symbol; null if none ever had it. */
  having(symbol: string): ((slot: number) => boolean) | null
}

export function createSymbols(): Symbols {
  const [known, codes] = [new Map<string, number>(), createColumn(Uint32Array)]
  return {
    set(slot, symbol) {
      const key = symbol.toLowerCase()
      // Nobody asks for the symbol of those that have none.
      const code = key === '' ? 0 : (known.get(key) ?? known.size + 1)
      if (code > known.size) known.set(key, code)
      codes.set(slot, code)
    },
    having(symbol) {
      const [code, { values }] = [known.get(symbol.toLowerCase()), codes]
      return code === undefined ? null : (slot) => values[slot] === code
    },
  }
}
