import type { Mapping } from './store.ts'

/** Names a mapping. A space comes before all that may be in the name of a source: so in the order of the names sources stay together. */
export const mappingKey = ({ source, key }: Pick<Mapping, 'source' | 'key'>) => `${source} ${key}`
