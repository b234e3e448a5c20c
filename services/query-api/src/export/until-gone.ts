/** What comes of the work, or undefined as soon as the caller has gone: whatever is kept for him need not wait for its end. */
export const untilGone = <T>(work: Promise<T>, caller: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    work.then(resolve, reject)
    const leave = () => resolve(undefined)
    if (caller.aborted) leave()
    else caller.addEventListener('abort', leave, { once: true })
  })
