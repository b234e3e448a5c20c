import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Ask } from './live-clients.ts'
import { benchCrowd } from './live-crowd.ts'
import { benchSlowReaders } from './live-slow-readers.ts'
import { say } from './say.ts'

const [COINS, CLIENTS] = [17_000, 5_000]

/** How many streams one process serves, and what becomes of those who do not read. The clients are in a process of their own. */
export async function benchLive(): Promise<void> {
  mustMayOpen(CLIENTS + 500)
  const clients = fork(join(import.meta.dirname, 'live-clients.ts'))
  const ask: Ask = async (order) => {
    clients.send(order)
    const [answer] = await once(clients, 'message')
    return answer
  }
  try {
    say('-- readers that do not read (F12) --')
    await benchSlowReaders(ask, COINS)
    say(`-- ${CLIENTS} clients of server-sent events, each batch is to reach all before the next --`)
    await benchCrowd(ask, { coins: COINS, clients: CLIENTS, batches: 100, batchRows: 20 })
  } finally {
    clients.kill('SIGKILL')
  }
}

/** Each process has a socket for each client. */
function mustMayOpen(files: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  if (limit !== 'unlimited' && Number(limit) < files) {
    throw new Error(`a process may open ${limit} files here and needs ${files}: ulimit -n ${2 * files}`)
  }
}
