export type { Cache, Count } from './cache.ts'
export { openCache } from './open.ts'
