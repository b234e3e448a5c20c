import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** A registry with the process's own figures in it. */
export function createMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Counts and times every answer of `app` by method, route (the pattern, never the URL) and status. */
export function meterRequests(app: FastifyInstance, registry: Registry): void {
  const labelNames = ['method', 'route', 'status_code'] as const
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const total = new Counter({ name: 'http_requests_total', help: 'Answers', labelNames, registers: [registry] })
  const failed = new Counter({
    name: 'http_request_errors_total',
    help: 'Answers with a 5xx status',
    labelNames,
    registers: [registry],
  })

  // Looking the labels up anew costs more than the measurement itself.
  const meters = new Map<string, { observe: (seconds: number) => void; count: () => void }>()
  const meterOf = (method: string, route: string, status: number) => {
    const labels = { method, route, status_code: String(status) }
    const [timer, counter, errors] = [duration.labels(labels), total.labels(labels), failed.labels(labels)]
    const count = status < 500 ? () => counter.inc() : () => [counter.inc(), errors.inc()]
    return { observe: (seconds: number) => timer.observe(seconds), count }
  }
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    const key = `${request.method} ${reply.statusCode} ${route}`
    const meter = meters.get(key) ?? meterOf(request.method, route, reply.statusCode)
    meters.set(key, meter)
    if (request.routeOptions.config.endless !== true) meter.observe(reply.elapsedTime / 1000)
    meter.count()
    done()
  })
}
