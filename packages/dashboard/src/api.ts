import { createClient } from '@crypto-signals/client'
import { source } from './market/market.ts'
import { sourceFetch } from './market/source-fetch.ts'

/** Asks the server that the page came from. What is live comes from the worker that holds the market instead. */
export const api = createClient({
  baseUrl: location.origin,
  fetch: sourceFetch((told) => {
    source.value = told
  }),
})
