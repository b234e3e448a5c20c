/** What a traded symbol stands for, if it is not a coin's own: `multiplier` coins of `symbol`. */
export interface SymbolReading {
  symbol: string
  multiplier: number
}

/** The ways to read an exchange's symbol as so many of a coin: 1000PEPE, 1MBABYDOGE, kBONK, SHIB1000. Which one holds, if any, only the price tells. */
export function multiplesIn(symbol: string): SymbolReading[] {
  const readings: SymbolReading[] = []
  for (const { pattern, multiplier } of MULTIPLES) {
    const found = pattern.exec(symbol)?.[1]
    if (found !== undefined) readings.push({ symbol: found.toUpperCase(), multiplier })
  }
  return readings
}

// What is left must look like a symbol: a digit more would be another multiplier.
const MULTIPLES = [
  { pattern: /^1000(\D.+)$/u, multiplier: 1e3 },
  { pattern: /^10000(\D.+)$/u, multiplier: 1e4 },
  { pattern: /^100000(\D.+)$/u, multiplier: 1e5 },
  { pattern: /^1000000(\D.+)$/u, multiplier: 1e6 },
  { pattern: /^1[Mm](\D.+)$/u, multiplier: 1e6 },
  { pattern: /^k([A-Z].+)$/u, multiplier: 1e3 },
  { pattern: /^(\D.*\D)1000$/u, multiplier: 1e3 },
  { pattern: /^(\D.*\D)10000$/u, multiplier: 1e4 },
  { pattern: /^(\D.*\D)1000000$/u, multiplier: 1e6 },
]

/** Whether a symbol looks like a leveraged token's: BTCUP, ETH3L. JUP and SYRUP do too, so it says nothing of a coin whose own symbol it is. */
export const looksLeveraged = (symbol: string): boolean => LEVERAGED.test(symbol)

const LEVERAGED = /^.{2,}(UP|DOWN|BULL|BEAR|[2-5][LS])$/iu

/** Symbol and name in the form that sources are compared by; null if either is missing. */
export function nameKeyOf(symbol: string | null, name: string | null): string | null {
  if (!symbol || !name) return null
  return `${plain(symbol)} ${plain(name)}`
}

/** Letters and digits alone, lower case; of a text that has none, the text. */
function plain(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase()
  return lower.replace(NEITHER_LETTER_NOR_DIGIT, '') || lower.trim()
}

const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}]+/gu
