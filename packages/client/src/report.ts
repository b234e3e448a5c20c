/** Does what a caller handed in: what it throws must not come in the way of what we do, and must not get lost. */
export function report(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    const { reportError } = globalThis as { reportError?: (error: unknown) => void }
    // oxlint-disable-next-line no-console -- Where no page is told, nobody else is.
    if (reportError === undefined) console.error(error)
    else reportError(error)
  }
}
