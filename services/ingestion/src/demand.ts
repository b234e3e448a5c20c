/** Which coins want asking about most: what a feed that may choose chooses by. */
export interface Demand {
  /** Every coin id, in the order of the ids. */
  ids(): readonly string[]
  /**
   * At most `limit` coins of `among` (all, if not given) whose price is older than `olderThanMs`, those first that want it most: held in alerts, looked at,
   * moving, then by age. A coin never priced by anyone counts as oldest.
   */
  stalest(limit: number, olderThanMs: number, among?: readonly string[]): readonly string[]
  /** Coins held in alerts or looked at of late that no exchange stream keeps fresh: few, and worth asking about every minute. */
  urgent(limit: number): readonly string[]
  /** Contracts of coins by platform, as CoinGecko names platforms; empty for a coin that is none's token. */
  contractsOf(coinId: string): readonly Contract[]
  /** Coins that have a contract on a platform. */
  tokens(): readonly string[]
}

export interface Contract {
  /** CoinGecko's name of the platform, for example `ethereum`. */
  platform: string
  /** As the platform writes it; of EVM platforms in lower case. */
  address: string
}
