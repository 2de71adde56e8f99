/** Reads the body of an answer up to a limit, because a server may send without end. */

/** @returns `undefined` when the body has more than `maxBytes`; the rest is then left unread */
export async function boundedBody(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > maxBytes) return undefined
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
