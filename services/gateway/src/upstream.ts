import type { Service } from '@crypto-signals/service'

/** A service behind the gateway: its routes, answered by it, and how it is. */
export type Upstream = Pick<Service, 'name' | 'readiness'> & { routes: NonNullable<Service['routes']> }
