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

/**
 * The tag of an answer made from `version`: weak, because `ageMs` goes on between two answers of one version. It changes with every
 * whole minute of `standingMs`, for which the data have stood still, so that nobody is told for longer that what he has is as fresh as it was.
 */
export function etagOf(version: string, standingMs = 0): string {
  const minutes = Math.floor(standingMs / 60_000)
  return minutes > 0 ? `W/"${version}.${minutes}"` : `W/"${version}"`
}

/** The version that a tag made by `etagOf` names. */
export const versionIn = (etag: string): string | undefined => /^W\/"([^"]+?)(?:\.\d+)?"$/.exec(etag)?.[1]

/** Whether `If-None-Match` names a tag made by `etagOf`: it is one of the caller's, compared weakly, or he says `*` (RFC 9110 §13.1.2). */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  const [, own] = /^W\/"([^"]+)"$/.exec(etag) ?? []
  if (own === undefined || ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  for (const [, tag] of ifNoneMatch.matchAll(/(?:W\/)?"([^"]*)"/g)) if (tag === own) return true
  return false
}
