import { Type } from '@sinclair/typebox'
import { run } from '../src/run.ts'
import { createServer } from '../src/server.ts'

// One of several processes that share a port, with nothing behind it that would take a while to stop.
const schema = Type.Object({ HOST: Type.String(), PORT: Type.Integer(), LOG_LEVEL: Type.String() })
await run('worker', schema, async (_config, surroundings) => {
  const server = createServer(surroundings)
  server.get('/pid', () => ({ pid: process.pid }))
  return { server, greeting: (address) => address, start: async () => undefined, stop: async () => undefined }
})
