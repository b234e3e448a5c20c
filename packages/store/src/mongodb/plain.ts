/** The value as JSON would carry it, so that both adapters store the same; throws for what JSON cannot carry. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
