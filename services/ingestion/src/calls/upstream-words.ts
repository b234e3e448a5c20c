/**
 * Makes what a source says fit for a log line and a status: one line of characters that can be seen, without the key it was
 * sent, which it may repeat as it is or URL-encoded in whole or in part. To be cut afterwards: half a key cannot be found.
 */
export function createCleaner(key: string | null): (words: string) => string {
  const pattern = key === null ? null : new RegExp(Array.from(key, characterPattern).join(''), 'g')
  return (words) => {
    // First, as a character that cannot be seen would hide a key.
    const line = words.replace(/\s+/g, ' ').replace(UNSEEN, '').trim()
    return pattern === null ? line : line.replace(pattern, '[key]')
  }
}

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu

function characterPattern(character: string): string {
  const hex = character.charCodeAt(0).toString(16).padStart(2, '0')
  const anyCase = Array.from(hex, (digit) => `[${digit}${digit.toUpperCase()}]`).join('')
  return `(?:\\x${hex}|%${anyCase})`
}
