/** A published text is read once: whatever its object becomes later, what is handed out has the hash. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { readPublishedText, textObject } from '../../../../shared/ledger/controllers/published-texts.ts'
import { objectCache } from '../../../../shared/ledger/object-cache.ts'
import { memoryObjects } from '../../../support/memory-ledger.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

function storage() {
  const stored = memoryObjects()
  const reads: string[] = []
  const get = (name: string) => {
    reads.push(name)
    return stored.get(name)
  }
  return { objects: { ...stored, get }, cached: objectCache(), reads }
}

it('a text is read once, and asked for again when it was not there', async () => {
  const [text, late] = ['Våra villkor', 'published later']
  const ledger = storage()
  await ledger.objects.put(textObject(hashOf(text)), Buffer.from(text))
  for (let n = 0; n < 3; n++) expect(await readPublishedText(ledger, hashOf(text))).toBe(text)
  expect(ledger.reads).toHaveLength(1)
  expect(await readPublishedText(ledger, hashOf(late))).toBeUndefined()
  await ledger.objects.put(textObject(hashOf(late)), Buffer.from(late))
  expect(await readPublishedText(ledger, hashOf(late))).toBe(late)
})

it('bytes with another hash are neither handed out nor kept', async () => {
  const ledger = storage()
  await ledger.objects.put(textObject(hashOf('a text')), Buffer.from('another'))
  for (let n = 0; n < 2; n++)
    await expect(readPublishedText(ledger, hashOf('a text'))).rejects.toMatchObject({ code: 'log-damaged' })
  expect(ledger.reads).toHaveLength(2)
})

it('a long text is read each time', async () => {
  const ledger = storage()
  const text = 'x'.repeat(16_385)
  await ledger.objects.put(textObject(hashOf(text)), Buffer.from(text))
  for (let n = 0; n < 2; n++) expect(await readPublishedText(ledger, hashOf(text))).toBe(text)
  expect(ledger.reads).toHaveLength(2)
})
