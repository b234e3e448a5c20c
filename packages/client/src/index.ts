export { ApiError } from './api-error.ts'
export { type Client, type ClientOptions, createClient, type Export, type StreamOptions, type StreamState } from './client.ts'
export type { LiveMarket, LiveMarketChange, LiveMarketOptions, LiveMarketState } from './live-market.ts'
export type * from './types.ts'
