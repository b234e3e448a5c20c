/** Lets the rest of the process have its turn whenever those who call it have worked for `BUSY_MS` without a pause. */
export function createBreather(): () => Promise<void> {
  let turnBegan = performance.now()
  let turn: Promise<void> | undefined
  const nextTurn = () =>
    new Promise<void>((resolve) => {
      setImmediate(() => {
        turn = undefined
        turnBegan = performance.now()
        resolve()
      })
    })
  return async () => {
    if (performance.now() - turnBegan < BUSY_MS) return
    // One turn for all of them: one each would add their times up.
    turn ??= nextTurn()
    await turn
  }
}

const BUSY_MS = 4
