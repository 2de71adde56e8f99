/** Reads a body that a form or a mail program posts, by the platform's own parser. */
import type { Call } from './call.ts'

/**
 * The fields of a body that is `application/x-www-form-urlencoded` or `multipart/form-data`; none for every other body, and for one that is
 * longer than its route allows, which the local gateway does not even read.
 */
export async function formFields({ event, route }: Call): Promise<ReadonlyMap<string, unknown>> {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length > route.maxBodyBytes) return new Map()
  const headers = { 'content-type': event.headers['content-type'] ?? '' }
  try {
    return new Map(await new Response(bytes, { headers }).formData())
  } catch {
    return new Map()
  }
}
