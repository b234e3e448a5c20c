import { Counter, Gauge, type Registry } from 'prom-client'

interface Counts {
  ready: number
  known: number
}

/** The figures of what the gateway asks of other processes. */
export function meterUpstreams(registry: Registry) {
  const registers = [registry]
  const cache = new Counter({
    name: 'gateway_cache_requests_total',
    help: 'Reads of what may be kept, by where the answer came from; memory also for an equal one under way',
    labelNames: ['result'],
    registers,
  })
  const calls = new Counter({
    name: 'gateway_upstream_requests_total',
    help: 'Calls to replicas, by service and by how they ended',
    labelNames: ['target', 'outcome'],
    registers,
  })
  const counts = new Map<string, () => Counts>()
  const replicas = new Gauge({
    name: 'gateway_upstream_replicas',
    help: 'Replicas by service: known ones, and those that are ready',
    labelNames: ['target', 'state'],
    registers: [],
    collect() {
      for (const [target, count] of counts) {
        for (const [state, replicas] of Object.entries(count())) this.set({ target, state }, replicas)
      }
    },
  })
  registry.registerMetric(replicas)
  return {
    cached: (result: string) => cache.inc({ result }),
    called: (target: string, outcome: string) => calls.inc({ target, outcome }),
    watch: (target: string, count: () => Counts) => void counts.set(target, count),
  }
}

/** The figures of the streams that callers have. */
export function meterStreams(registry: Registry) {
  const [registers, labelNames] = [[registry], ['transport']]
  const open = new Gauge({ name: 'gateway_streams', help: 'Streams and exports that are open', labelNames, registers })
  const refused = new Counter({
    name: 'gateway_streams_refused_total',
    help: 'Streams and exports over those that an address may have at a time',
    labelNames,
    registers,
  })
  for (const transport of ['sse', 'websocket', 'export']) open.set({ transport }, 0)
  return {
    opened: (transport: string) => open.inc({ transport }),
    closed: (transport: string) => open.dec({ transport }),
    refused: (transport: string) => refused.inc({ transport }),
  }
}
