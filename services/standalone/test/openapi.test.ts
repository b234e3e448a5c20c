import { readFile } from 'node:fs/promises'
import t from 'tap'
import { servedDocument, TYPES_FILE, typesOf } from './served-types.ts'

const document = await servedDocument({ API_URL: 'https://signals.example', PORT: '4567' })

t.test('the types of the client are those of the API that is served: else run `npm run openapi`', async (t) => {
  const kept = await readFile(TYPES_FILE, 'utf8')
  t.match(document, 'https://signals.example')
  t.equal(await typesOf(document), kept)
})

t.test('an API that says something else has other types, and one without the rows has none', async (t) => {
  const other = document.replaceAll('"finalScore"', '"lastScore"')
  t.match(await typesOf(other), 'lastScore: number')
  const less = document.replaceAll('"/api/stream"', '"/api/other"')
  await t.rejects(typesOf(less), { message: /The document has no \/api\/stream 200/ })
})
