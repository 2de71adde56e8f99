/**
 * The served copy of the newest checkpoint, `served/<controller>/checkpoint`: what a static server or CloudFront answers. It is replaced by
 * compare-and-swap, by a greater size, or by the same checkpoint with more cosignatures. When two run at once one loses, and the next
 * publication or round of witnesses serves what is missing.
 */
import { sizeOfNote } from '../../tlog/add-checkpoint.ts'
import type { Objects } from '../store.ts'
import { servedCheckpoint } from './log-items.ts'
import type { PublishedCheckpoint } from './log-reader.ts'

/** @returns false when it was not replaced */
export async function serveCheckpoint(
  objects: Pick<Objects, 'readServed' | 'replaceServed'>,
  controller: string,
  { size, note }: PublishedCheckpoint,
): Promise<boolean> {
  const name = servedCheckpoint(controller)
  const served = await objects.readServed(name)
  if (served && sizeOf(served.bytes) >= size) return false
  return objects.replaceServed(name, Buffer.from(note), served?.tag)
}

/** Adds cosignatures to the copy, if that is of the same checkpoint. */
export async function serveCosigned(
  objects: Pick<Objects, 'readServed' | 'replaceServed'>,
  controller: string,
  { note }: PublishedCheckpoint,
): Promise<boolean> {
  const name = servedCheckpoint(controller)
  const served = await objects.readServed(name)
  const text = served && Buffer.from(served.bytes).toString()
  if (served === undefined || text === undefined || text.length >= note.length || !note.startsWith(text)) return false
  return objects.replaceServed(name, Buffer.from(note), served.tag)
}

/** -1 for bytes that are not a checkpoint. */
function sizeOf(bytes: Uint8Array): number {
  try {
    return sizeOfNote(Buffer.from(bytes).toString())
  } catch {
    return -1
  }
}
