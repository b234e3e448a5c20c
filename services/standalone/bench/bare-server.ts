import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// The floor: node:http writing one constant buffer, the file named on the command line.
const body = readFileSync(process.argv[2] ?? '')
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }
const server = createServer((_request, response) => response.writeHead(200, headers).end(body))
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
