import { parseArgs } from 'node:util'
import { benchHops } from './hops.ts'
import { benchLatency } from './latency.ts'
import { benchLive } from './live.ts'
import { benchPage } from './page.ts'
import { benchRead } from './read.ts'
import { say } from './say.ts'
import { benchScoring } from './scoring.ts'
import { benchStreams } from './streams.ts'
import { benchSweep } from './sweep.ts'

const BENCHES = {
  read: benchRead,
  latency: benchLatency,
  sweep: benchSweep,
  scoring: benchScoring,
  hops: benchHops,
  streams: benchStreams,
  live: benchLive,
  page: benchPage,
}
type Name = keyof typeof BENCHES

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' } },
})
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  say(`usage: bench [${Object.keys(BENCHES).join('] [')}] [--seconds 20]`)
  process.exit(2)
}
for (const name of (asked.length > 0 ? asked : Object.keys(BENCHES)) as Name[]) {
  say(`\n== ${name} ==`)
  await BENCHES[name]({ seconds: Number(values.seconds) })
}
