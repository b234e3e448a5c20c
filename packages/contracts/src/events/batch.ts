import { type TSchema, Type } from '@sinclair/typebox'
import { PARTITIONS } from '../domain/partition.ts'

/** The most rows one message carries: 100 scored coins, or quotes with their sparklines, stay well below a bus's 1 MiB limit. */
export const MAX_BATCH_ROWS = 100

/** A message of rows that lie in one partition. `id` is the same on every delivery of it. */
export const Batch = <T extends TSchema>(row: T) =>
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 200 }),
      partition: Type.Integer({ minimum: 0, maximum: PARTITIONS - 1 }),
      rows: Type.Array(row, { minItems: 1, maxItems: MAX_BATCH_ROWS }),
    },
    { additionalProperties: false },
  )
