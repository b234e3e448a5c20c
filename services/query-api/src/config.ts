import { processEnvironment } from '@crypto-signals/service'
import { Type } from '@sinclair/typebox'

/** What a process of this service alone reads from the environment. */
export const QueryApiConfig = Type.Object(processEnvironment(3001))
