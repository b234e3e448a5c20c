import type { HttpService } from '@crypto-signals/service'

/** A service behind the gateway: its routes, answered by it, and how it is. */
export type Upstream = Pick<HttpService, 'name' | 'readiness' | 'routes'>
