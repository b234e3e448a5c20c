import { createClient } from '@crypto-signals/client'

/** Asks the server that the page came from. What is live comes from the worker that holds the market instead. */
export const api = createClient({ baseUrl: location.origin })
