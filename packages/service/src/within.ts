import type { Clock } from '@crypto-signals/clock'

/** What `work` says; `otherwise` if it fails, or has said nothing after `ms`. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>, otherwise: T): Promise<T> {
  const done = new AbortController()
  const late = () => otherwise
  const answer = await Promise.race([work.catch(late), clock.sleep(ms, done.signal).then(late, late)])
  done.abort()
  return answer
}
