/** A `fetch` that answers with these pieces of bytes, then ends the body, or leaves it open. */
export const fetchOf =
  (pieces: readonly Uint8Array[], { headers, ends = true }: { headers: Record<string, string>; ends?: boolean }) =>
  async () => {
    let next = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces[next++]
        if (piece !== undefined) controller.enqueue(piece)
        else if (ends) controller.close()
      },
    })
    return new Response(body, { headers })
  }

/** The bytes cut at these places, each a share of the whole. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
}
