import { systemClock } from '@crypto-signals/clock'
import { captureLog } from '@crypto-signals/testing'
import { openJetStream } from '../src/jetstream/open.ts'
import { SHARED } from './events.ts'

// A member of a group in a process of its own, to be killed: it says what it was handed, and never finishes.
const { log } = captureLog()
const bus = await openJetStream({
  url: process.env.NATS_URL ?? '',
  clock: systemClock,
  log,
  patience: { ackMs: Number(process.env.ACK_MS) },
})
await bus.consume('quotes', SHARED, async ({ id }) => {
  process.stdout.write(`${id}\n`)
  await new Promise(() => undefined)
})
