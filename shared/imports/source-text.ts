/**
 * Text of a file: decompressed and decoded as it comes. What gzip (RFC 1952) yields is bounded by what went in, so a bomb ends early. Bytes that
 * are not in the encoding become U+FFFD, by which the record that has them is refused.
 */
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { importEncodings } from '../api/schemas/imports.ts'
import { Refusal } from './refusal.ts'

type Encoding = (typeof importEncodings)[number]

export interface SourceForm {
  readonly compression?: 'gzip'
  readonly encoding?: Encoding
  /** For tests. @default 20 GiB */
  readonly maxExpanded?: number
}

/** More than real tables compress: repeated columns reach 50 to 1. */
const maxRatio = 200
/** Below it no ratio counts. */
const freeBytes = 16 * 1024 * 1024
/** As many as the most records of an import take, at 400 bytes each. It bounds how long one file takes to read. */
const maxExpandedBytes = 20 * 1024 ** 3
/** What zlib says of bytes that are not gzip, or not all of it. Any other error is none of the file's. */
const damage: ReadonlySet<unknown> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT'])

/** @param onBytes told how many bytes of the file were read, as they are */
export async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  { compression, encoding = 'utf-8', maxExpanded = maxExpandedBytes }: SourceForm,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<string> {
  let read = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      read += chunk.length
      onBytes(chunk.length)
      yield chunk
    }
  }
  const plain = compression === 'gzip' ? expand(counted(), () => read, maxExpanded) : counted()
  let decoder: TextDecoder | undefined
  for await (const chunk of beginningWhole(plain)) {
    decoder ??= new TextDecoder(encodingOf(chunk) ?? encoding)
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder?.decode()
  if (rest) yield rest
}

const longestSign = 4

/** The same bytes, whose first chunk has all of a sign that they may begin with. */
async function* beginningWhole(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | undefined = Buffer.of()
  for await (const chunk of bytes) {
    if (first === undefined) yield chunk
    else {
      first = Buffer.concat([first, chunk])
      if (first.length < longestSign) continue
      yield first
      first = undefined
    }
  }
  if (first?.length) yield first
}

/** Files that are no text, by the bytes that they begin with, and what to do. */
const notText: readonly (readonly [sign: readonly number[], detail: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'this is a ZIP file, as spreadsheets are too: unpack it, or save it as CSV'],
  [[0x1f, 0x8b], 'this is a gzip file: give it a name that ends in .gz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'this is a Zstandard file: unpack it'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'this is a spreadsheet: save it as CSV'],
  [[0xfe, 0xff], 'this is UTF-16 in big-endian order: save it as UTF-8'],
]

/**
 * A byte order mark says it better than the caller. That of UTF-8 is removed by the decoder.
 *
 * @throws Refusal for a file that is no text
 */
function encodingOf(first: Uint8Array): Encoding | undefined {
  const beginsWith = (sign: readonly number[]) => sign.every((byte, i) => first[i] === byte)
  const [, detail] = notText.find(([sign]) => beginsWith(sign)) ?? []
  if (detail !== undefined) throw new Refusal('not-the-format', detail)
  return beginsWith([0xff, 0xfe]) ? 'utf-16le' : undefined
}

async function* expand(
  bytes: AsyncIterable<Uint8Array>,
  read: () => number,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes, { objectMode: false })
  const gunzip = createGunzip()
  // The generator ends by the error of `gunzip`; without this the source's own would be unhandled.
  source.once('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  let expanded = 0
  try {
    for await (const chunk of gunzip) {
      expanded += chunk.length
      if (expanded > freeBytes && expanded > maxRatio * read())
        throw new Refusal('file-expands-too-far', `it expands to more than ${maxRatio} times its size`)
      if (expanded > maxBytes)
        throw new Refusal('file-expands-too-far', `it expands to more than ${maxBytes} bytes: divide it`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && damage.has(error.code))
      throw new Refusal('file-damaged', 'this is not a whole gzip file')
    throw error
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}
