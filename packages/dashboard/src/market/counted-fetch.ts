/** `fetch` that tells how many lines of an export have come: what the reader sees while the market loads. */
export function countedFetch(tell: (lines: number) => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.ok || response.body === null || !response.headers.get('content-type')?.includes('ndjson'))
      return response
    let lines = 0
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        lines += linesIn(bytes)
        tell(lines)
        controller.enqueue(bytes)
      },
    })
    return new Response(response.body.pipeThrough(counted), response)
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

const NEWLINE = 10
