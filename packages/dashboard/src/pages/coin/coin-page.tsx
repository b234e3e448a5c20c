export function CoinPage({ coinId }: { coinId: string }) {
  return <h1>{coinId}</h1>
}
