import { createColumn } from './column.ts'

/** A hash of what all slots hold, whatever came in which order: the sum of a hash for each, kept up to date slot by slot. */
export interface StateHash {
  /** An integer below 2^52. */
  readonly value: number
  set(slot: number, text: string): void
}

export function createStateHash(): StateHash {
  const held = createColumn(Float64Array)
  let sum = 0
  return {
    get value() {
      return sum
    },
    set(slot, text) {
      const hash = hashOf(text)
      sum = addHashes(addHashes(sum, MODULUS - (held.values[slot] ?? 0)), hash)
      held.set(slot, hash)
    },
  }
}

export const addHashes = (a: number, b: number): number => (a + b) % MODULUS

// The sum of two hashes is still an exact integer.
const MODULUS = 2 ** 52

/** 52 bits of cyrb53 (bryc, public domain): two multiplicative hashes of 32 bits, each mixed with the other at the end. */
function hashOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return (b & 0xfffff) * 2 ** 32 + (a >>> 0)
}
