// Writes the client's types anew from what the system serves: `npm run openapi`.
import { writeFile } from 'node:fs/promises'
import { servedDocument, TYPES_FILE, typesOf } from './served-types.ts'

await writeFile(TYPES_FILE, await typesOf(await servedDocument()))
