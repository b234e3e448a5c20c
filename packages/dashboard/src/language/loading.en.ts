/** What is said while an answer is on its way, or does not come. */
export const loading = {
  loading: 'Loading',
  stale: 'The server does not answer. These are its last words; asking again.',
  failed: 'This could not be loaded',
  failedWhy: 'The server did not answer. It is asked again every few seconds.',
}
