/** What is said while an answer is on its way, or does not come. */
export const loading = {
  loading: 'Loading',
  stale: 'The server is not responding. Showing the last data received; retrying.',
  failed: 'Could not load this',
  failedWhy: 'The server did not respond. Retrying every few seconds.',
}
