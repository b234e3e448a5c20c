// Waits until every process that infra/pm2 starts is ready and the whole is not in error, and stays so for a moment.
import { setTimeout } from 'node:timers/promises'

// An address of all of the machine's is reached by its own.
const GATEWAY_HOST = (process.env.HOST || '127.0.0.1').replace(/^(0\.0\.0\.0|::)$/, '127.0.0.1')
const FIRST_PORT = Number(process.env.PORT || 3000)
const DEADLINE = Date.now() + Number(process.env.DEPLOY_HEALTH_SECONDS || 180) * 1_000
const NAMES = ['gateway', 'query-api', 'alerting', 'scoring', 'ingestion-1', 'ingestion-2']
const TIMES_IN_A_ROW = 3
const EVERY_MS = 1_000

let well = 0
let faults = []
while (well < TIMES_IN_A_ROW && Date.now() < DEADLINE) {
  faults = await look()
  well = faults.length === 0 ? well + 1 : 0
  await setTimeout(EVERY_MS)
}
if (faults.length === 0 && well < TIMES_IN_A_ROW) faults.push('well, but not for long enough')
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = well >= TIMES_IN_A_ROW ? 0 : 1

async function look() {
  const states = NAMES.map(async (name, index) => {
    const { status, body } = await ask(index, '/readyz')
    return status === 200 ? null : `${name} is not ready: ${(body?.reasons ?? [`status ${status}`]).join('; ')}`
  })
  return (await Promise.all([...states, health()])).filter((fault) => fault !== null)
}

/** A warning is no fault: until its first sweep is through, a system that is well has one. */
async function health() {
  const { status, body } = await ask(0, '/api/health')
  if (['OK', 'WARNING'].includes(body?.status)) return null
  return `health is ${body?.status ?? `status ${status}`}: ${(body?.reasons ?? []).join('; ')}`
}

async function ask(index, path) {
  const host = index === 0 ? GATEWAY_HOST : '127.0.0.1'
  try {
    const answer = await fetch(`http://${host}:${FIRST_PORT + index}${path}`, { signal: AbortSignal.timeout(5_000) })
    return { status: answer.status, body: await answer.json().catch(() => null) }
  } catch (error) {
    return { status: error.cause?.code ?? error.name, body: null }
  }
}
