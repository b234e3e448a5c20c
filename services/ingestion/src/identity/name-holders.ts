/** Which of a source's keys bear a symbol and name: what two bear is a proof of neither. */
export interface NameHolders {
  note(nameKey: string, key: string, nowMs: number): void
  /** Whether no other key was seen to bear it of late. */
  isAlone(nameKey: string, key: string, nowMs: number): boolean
  tidy(nowMs: number): void
}

export function createNameHolders(): NameHolders {
  const holders = new Map<string, { key: string; seenAtMs: number; sharedAtMs: number }>()
  return {
    note(nameKey, key, nowMs) {
      const holder = holders.get(nameKey)
      if (holder === undefined) holders.set(nameKey, { key, seenAtMs: nowMs, sharedAtMs: Number.NEGATIVE_INFINITY })
      else if (holder.key === key) holder.seenAtMs = nowMs
      else if (nowMs - holder.seenAtMs > RECENT_MS) Object.assign(holder, { key, seenAtMs: nowMs })
      else holder.sharedAtMs = nowMs
    },
    isAlone(nameKey, key, nowMs) {
      const holder = holders.get(nameKey)
      return holder?.key === key && nowMs - holder.sharedAtMs > RECENT_MS
    },
    tidy(nowMs) {
      for (const [nameKey, { seenAtMs }] of holders) if (nowMs - seenAtMs > RECENT_MS) holders.delete(nameKey)
    },
  }
}

const RECENT_MS = 7 * 86_400_000
