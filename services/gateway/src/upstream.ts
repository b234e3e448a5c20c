import type { HttpService, Service } from '@crypto-signals/service'
import type { Paths } from './documented.ts'

/** A service behind the gateway: its routes, answered by it or by a process of its own, and how it is. */
export interface Upstream extends Pick<HttpService, 'name' | 'readiness' | 'routes'> {
  /** What OpenAPI is to say of its routes, where they do not say it themselves. */
  documented?: () => Paths
}

/** A service that serves nothing itself, and feeds those that do. */
export type Feeder = Pick<Service, 'name' | 'readiness'>

/** All that the system consists of, seen from the gateway. */
export interface Services {
  upstreams: Upstream[]
  feeders: Feeder[]
}
