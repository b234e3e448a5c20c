import type { AlertRecord } from '@crypto-signals/store'

/** The rules in memory, found by the coin they watch. */
export interface AlertBook {
  readonly size: number
  /** Rises with each change. */
  readonly version: string
  get(alertId: string): AlertRecord | undefined
  /** The rules of a coin, as they were at the call. */
  of(coinId: string): AlertRecord[]
  /** The coins that have rules. */
  coinIds(): string[]
  put(record: AlertRecord): void
  remove(alertId: string): void
}

/** An empty book; `edition` tells its versions from those of other runs. */
export function createAlertBook(edition: string): AlertBook {
  const records = new Map<string, AlertRecord>()
  const idsByCoin = new Map<string, Set<string>>()
  let changes = 0
  return {
    get size() {
      return records.size
    },
    get version() {
      return `${edition}-${changes}`
    },
    get: (alertId) => records.get(alertId),
    of: (coinId) => [...(idsByCoin.get(coinId) ?? [])].flatMap((alertId) => records.get(alertId) ?? []),
    coinIds: () => [...idsByCoin.keys()],
    put(record) {
      const { alertId, coinId } = record.alert
      const ids = idsByCoin.get(coinId) ?? new Set()
      idsByCoin.set(coinId, ids.add(alertId))
      records.set(alertId, record)
      changes++
    },
    remove(alertId) {
      const coinId = records.get(alertId)?.alert.coinId
      if (coinId === undefined) return
      idsByCoin.get(coinId)?.delete(alertId)
      records.delete(alertId)
      changes++
    },
  }
}
