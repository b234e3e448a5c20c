import type { FastifyRequest, RequestPayload } from 'fastify'

export const TOO_LARGE = Symbol('a body over the limit')

/** The bytes of the body as they came; null if there is none. Tells that it is too large without waiting for the rest of it. */
export function readBody(request: FastifyRequest, payload: RequestPayload): Promise<Buffer | null | typeof TOO_LARGE> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  const limit = request.routeOptions.bodyLimit ?? 0
  if (length === undefined && encoding === undefined) return Promise.resolve(null)
  if (Number(length ?? 0) > limit) return Promise.resolve(TOO_LARGE)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    const take = (chunk: Buffer) => {
      received += chunk.length
      if (received > limit) resolve(TOO_LARGE)
      else chunks.push(chunk)
    }
    payload.on('data', take)
    payload.once('end', () => resolve(Buffer.concat(chunks)))
    payload.once('error', reject)
  })
}
