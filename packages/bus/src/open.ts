import type { Bus } from './bus.ts'
import { type BusOptions, openInProcess } from './in-process.ts'

/** The bus of this process, ready for use. */
export async function openBus(options: BusOptions): Promise<Bus> {
  return openInProcess(options)
}
