import { readFileSync } from 'node:fs'
import express from 'express'

// The way of beginners' guides: all rows of all horizons in one array, filtered and sorted anew for each request.
interface Row {
  timeframe: string
  finalScore: number
  rank: number | null
  recommendation: { action: string }
}
const rows: Row[] = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const app = express()
app.get('/api/signals', (request, response) => {
  const {
    timeframe,
    filter,
    sort = 'score',
    page = '1',
    limit = '50',
    min_score = '0',
    max_score = '100',
  } = request.query
  const found = rows
    .filter((row) => timeframe === undefined || row.timeframe === timeframe)
    .filter((row) => filter === undefined || row.recommendation.action === (filter as string).toUpperCase())
    .filter(({ finalScore }) => finalScore >= Number(min_score) && finalScore <= Number(max_score))
    .sort((a, b) => (sort === 'rank' ? (a.rank ?? 1e9) - (b.rank ?? 1e9) : b.finalScore - a.finalScore))
  const start = (Number(page) - 1) * Number(limit)
  response.json({ success: true, data: found.slice(start, start + Number(limit)), total: found.length })
})
const server = app.listen(0, '127.0.0.1', () => process.send?.(server.address()))
