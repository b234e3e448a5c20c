export type { Cache, Count, Lease } from './cache.ts'
export { openCache } from './open.ts'
