import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'

/** A new directory for data that nobody needs afterwards; in memory where the system has such a place, as millions of calls are written one by one. */
export const scratchDir = (): string => mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'simulation-'))
