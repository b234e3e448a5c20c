import { type Clock, systemClock } from '@crypto-signals/clock'
import { createMetrics, loadConfig } from '@crypto-signals/service'
import { captureLog, tempDir } from '@crypto-signals/testing'
import type { Test } from 'tap'
import { buildGatewayProcess } from '../src/app.ts'
import { GatewayProcessConfig } from '../src/config.ts'
import type { TestReplica } from './replica.ts'

/** The public door as a process of its own, listening in front of the replicas, which end with it. */
export async function openDoor(
  t: Test,
  queryApi: TestReplica[],
  alerting: TestReplica[],
  { env = {}, clock = systemClock }: { env?: Record<string, string>; clock?: Clock | undefined } = {},
) {
  const [dir, { log, lines }, metrics] = [await tempDir(), captureLog(), createMetrics()]
  const urlsOf = (replicas: TestReplica[]) => replicas.map(({ url }) => url).join(', ')
  const urls = { QUERY_API_URL: urlsOf(queryApi), ALERTING_URL: urlsOf(alerting) }
  const config = loadConfig(GatewayProcessConfig, { ...urls, DATA_DIR: dir.path, ...env })
  const process = await buildGatewayProcess(config, { clock, log, metrics })
  await process.start()
  const url = await process.server.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await process.server.close()
    await process.stop()
    for (const replica of [...queryApi, ...alerting]) await replica[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(url + path, init)
    const text = await answer.text()
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      text,
      body: text === '' ? null : JSON.parse(text),
    }
  }
  return { url, ask, process, metrics, lines }
}
