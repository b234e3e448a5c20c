import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'

const REPLACED = 5

cluster.setupPrimary({ exec: join(import.meta.dirname, '../test/worker.ts'), execArgv: [], silent: true })

async function begin() {
  const worker = cluster.fork({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'fatal' })
  t.teardown(() => worker.process.kill('SIGKILL'))
  for (const stream of [worker.process.stdout, worker.process.stderr]) stream?.resume()
  const [{ port }] = (await once(worker, 'listening')) as [{ port: number }]
  return { worker, port }
}

async function ended(worker: Worker): Promise<number | null> {
  worker.process.kill('SIGTERM')
  return (await once(worker, 'exit'))[0]
}

/** The status of one answer, on a connection of its own; what went wrong if there is none. */
const ask = (port: number) =>
  new Promise<string>((resolve) => {
    const asking = get({ port, host: '127.0.0.1', path: '/pid', agent: false, timeout: 10_000 })
    asking.on('timeout', () => asking.destroy(new Error('no answer')))
    asking.on('error', ({ message }) => resolve(message))
    asking.on('response', (answer: IncomingMessage) => {
      answer.resume().on('error', ({ message }) => resolve(message))
      answer.on('end', () => resolve(String(answer.statusCode)))
    })
  })

t.test('workers that share a port are replaced one after the other, and no caller notices', async (t) => {
  const { port, worker } = await begin()
  const workers = [worker, (await begin()).worker]
  const [answers, isOver] = [new Map<string, number>(), new AbortController()]
  const askOn = async () => {
    while (!isOver.signal.aborted) {
      const answer = await ask(port)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
  }
  const callers = [askOn(), askOn(), askOn(), askOn()]
  for (let i = 0; i < REPLACED; i++) {
    workers.push((await begin()).worker)
    t.equal(await ended(workers.shift() as Worker), 0)
  }
  isOver.abort()
  await Promise.all(callers)
  t.strictSame([...answers.keys()], ['200'], JSON.stringify([...answers]))
  for (const left of workers) t.equal(await ended(left), 0)
})
