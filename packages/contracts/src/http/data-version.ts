/**
 * Names a state of the data, the same on every replica that holds the same: `<newest receipt>-<hash>`, the receipt in ms since
 * the epoch, both in base 36. Of two versions the one with the later receipt is the newer one.
 */
export const dataVersionOf = (newestReceiptMs: number, hash: number): string =>
  `${newestReceiptMs.toString(36)}-${hash.toString(36)}`

/** When the newest row of a version was received, ms since the epoch; 0 if `version` has not the form of one. */
export function receiptOf(version: string): number {
  const [, receipt] = /^([0-9a-z]{1,11})-[0-9a-z]+$/.exec(version) ?? []
  return receipt === undefined ? 0 : Number.parseInt(receipt, 36)
}

/** The tag of an answer made from `version`: weak, because `ageMs` goes on between two answers of one version. */
export const etagOf = (version: string): string => `W/"${version}"`

/** The version that a tag made by `etagOf` names. */
export const versionIn = (etag: string): string | undefined => /^W\/"([^"]+)"$/.exec(etag)?.[1]

/** Whether `If-None-Match` names the version: one of the caller's tags, compared weakly, or `*` (RFC 9110 §13.1.2). */
export function isKnown(version: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  for (const [, tag] of ifNoneMatch.matchAll(/(?:W\/)?"([^"]*)"/g)) if (tag === version) return true
  return false
}
