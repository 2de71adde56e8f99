/**
 * Cuts what comes on a connection into answers of HTTP/1.1 (RFC 9112, https://www.rfc-editor.org/rfc/rfc9112): those with `content-length`, and
 * those in chunks. An engine on this machine sends no others.
 */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  /** The other side closes the connection after this answer. */
  readonly isLast: boolean
}

const maxHeadBytes = 64 << 10
/** DynamoDB's largest answer has 16 MB before base64. */
const maxBodyBytes = 64 << 20

/** @returns takes the next bytes. @throws when they are no such answer: nothing that follows can be understood */
export function httpAnswers(onAnswer: (answer: HttpAnswer) => void): (bytes: Buffer) => void {
  let parts: Buffer[] = []
  let held = 0
  /** With fewer bytes the next answer is not whole. */
  let wanted = 0
  return (more) => {
    parts.push(more)
    held += more.length
    if (held < wanted) return
    let bytes = parts.length === 1 ? more : Buffer.concat(parts)
    wanted = 0
    while (wanted === 0 && bytes.length > 0) {
      const found = firstAnswer(bytes)
      if (typeof found === 'number') wanted = found
      else {
        bytes = bytes.subarray(found.end)
        onAnswer(found.answer)
      }
    }
    parts = bytes.length > 0 ? [bytes] : []
    held = bytes.length
  }
}

/** An answer, and where it ends; or how many bytes there have to be at least. */
type Found = { readonly answer: HttpAnswer; readonly end: number } | number

function firstAnswer(bytes: Buffer): Found {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd > maxHeadBytes || (headEnd < 0 && bytes.length > maxHeadBytes)) throw malformed('a head without an end')
  if (headEnd < 0) return bytes.length + 1
  const head = bytes.toString('latin1', 0, headEnd)
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(`${head} `)?.[1]
  if (status === undefined) throw malformed('no status')
  const body = bodyOf(bytes, head, headEnd + 4)
  if (typeof body === 'number') return body
  const isLast = /^connection: *close/im.test(head)
  return { answer: { status: Number(status), text: body.text, isLast }, end: body.end }
}

type Body = { readonly text: string; readonly end: number } | number

function bodyOf(bytes: Buffer, head: string, start: number): Body {
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  if (length === undefined) {
    if (/^transfer-encoding: *chunked/im.test(head)) return chunkedBody(bytes, start)
    throw malformed('a body without a length')
  }
  const end = start + Number(length)
  if (end - start > maxBodyBytes) throw malformed('a body that is too long')
  return bytes.length < end ? end : { text: bytes.toString('utf8', start, end), end }
}

/** RFC 9112, section 7.1; a trailer is none that an engine sends. */
function chunkedBody(bytes: Buffer, start: number): Body {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return bytes.length + 1
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!(size >= 0) || lineEnd + size - start > maxBodyBytes) throw malformed('a chunk without a size, or too long')
    const end = lineEnd + 2 + size
    if (bytes.length < end + 2) return end + 2
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw malformed('a chunk without an end')
    if (size === 0) return { text: Buffer.concat(parts).toString(), end: end + 2 }
    parts.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
  }
}

function malformed(what: string): Error {
  return new Error(`the engine sent ${what}`)
}
