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
}

/** More than real tables compress: repeated columns reach 50 to 1. */
const maxRatio = 200
/** Below it no ratio counts. */
const freeBytes = 16 * 1024 * 1024

/** @param onBytes told how many bytes of the file were read, as they are */
export async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  { compression, encoding = 'utf-8' }: SourceForm,
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
  const plain = compression === 'gzip' ? expand(counted(), () => read) : counted()
  let decoder: TextDecoder | undefined
  for await (const chunk of plain) {
    decoder ??= new TextDecoder(isUtf16(chunk) ? 'utf-16le' : encoding)
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder?.decode()
  if (rest) yield rest
}

/** A byte order mark says it better than the caller. That of UTF-8 is removed by the decoder. */
const isUtf16 = (chunk: Uint8Array): boolean => chunk[0] === 0xff && chunk[1] === 0xfe

async function* expand(bytes: AsyncIterable<Uint8Array>, read: () => number): AsyncGenerator<Uint8Array> {
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
      yield chunk
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(Z_|ERR_)/.test(String(error.code)))
      throw new Refusal('file-damaged', 'this is not a whole gzip file')
    throw error
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}
