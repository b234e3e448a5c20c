import type { HttpService, Service } from '@crypto-signals/service'

/** A service behind the gateway: its routes, answered by it, and how it is. */
export type Upstream = Pick<HttpService, 'name' | 'readiness' | 'routes'>

/** A service that serves nothing itself, and feeds those that do. */
export type Feeder = Pick<Service, 'name' | 'readiness'>

/** All that the system consists of, seen from the gateway. */
export interface Services {
  upstreams: Upstream[]
  feeders: Feeder[]
}
