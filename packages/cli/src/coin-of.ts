import { ApiError, type Client, type CoinDetail } from '@crypto-signals/client'

/** The coin that is meant: by its id, else the one coin that has this symbol. Rejects with the candidates when several have it. */
export async function coinOf(client: Client, text: string): Promise<CoinDetail> {
  try {
    return await client.coins.get(text)
  } catch (error) {
    const [only, ...others] = error instanceof ApiError && error.status === 404 ? error.candidates : []
    if (only === undefined || others.length > 0) throw error
    return client.coins.get(only.coinId)
  }
}
