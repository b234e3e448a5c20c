/** Resolves as soon as `predicate` holds; rejects when it still does not after `timeoutMs`. For what real processes and sockets do in their own time. */
export async function until(
  predicate: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000 }: { timeoutMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (let polls = 0; !(await predicate()); polls++) {
    if (performance.now() > deadline) throw new Error(`not so within ${timeoutMs} ms: ${String(predicate)}`)
    await (polls < QUICK_POLLS ? nextTurn() : shortly())
  }
}

const QUICK_POLLS = 20

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const shortly = () => new Promise((resolve) => setTimeout(resolve, 5))
