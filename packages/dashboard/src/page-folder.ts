import { join } from 'node:path'

/** Where the built page lies, as an absolute path; there is nothing there before it was built. */
export const PAGE_FOLDER = join(import.meta.dirname, '..', 'dist')
