/** The last versions of the data, each with the mark up to which its changes went: what somebody who holds one is to be told begins there. */
export interface Versions {
  add(version: string, mark: number): void
  /** Undefined if there was no such version, or too many since. */
  markOf(version: string): number | undefined
}

export function createVersions(): Versions {
  const marks = new Map<string, number>()
  return {
    add(version, mark) {
      marks.set(version, mark)
      if (marks.size > KEPT) marks.delete(marks.keys().next().value as string)
    },
    markOf: (version) => marks.get(version),
  }
}

// At ten versions a second, the most there are, these are half an hour; about 2 MB.
const KEPT = 20_000
