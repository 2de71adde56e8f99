/** What every implementation of the `Objects` port must do. */
import { describe, expect, it } from 'vitest'
import type { Objects } from '../../shared/ledger/store.ts'

export function objectsContract(name: string, makeObjects: () => Promise<Objects>): void {
  describe(`objects in ${name}`, () => {
    it('gives back the bytes that were put, whatever they are', async () => {
      const objects = await makeObjects()
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256)
      await objects.put('texts/aa', bytes)
      await objects.put('texts/empty', new Uint8Array())
      expect(Buffer.from((await objects.get('texts/aa')) ?? [])).toEqual(Buffer.from(bytes))
      expect((await objects.get('texts/empty'))?.length).toBe(0)
    })

    it('has nothing under a name that was not put', async () => {
      expect(await (await makeObjects()).get('texts/none')).toBeUndefined()
    })

    it('takes equal bytes again, and refuses others for ever', async () => {
      const objects = await makeObjects()
      await objects.put('texts/one', Buffer.from('first'))
      await objects.put('texts/one', Buffer.from('first'))
      await expect(objects.put('texts/one', Buffer.from('other'))).rejects.toMatchObject({ code: 'already-exists' })
      expect(Buffer.from((await objects.get('texts/one')) ?? []).toString()).toBe('first')
    })

    it('lets one of many writers win, and only with its own bytes', async () => {
      const objects = await makeObjects()
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => objects.put('texts/race', Buffer.from(`writer ${i % 4}`))),
      )
      const stored = Buffer.from((await objects.get('texts/race')) ?? []).toString()
      results.forEach(({ status }, i) => {
        expect(status).toBe(stored === `writer ${i % 4}` ? 'fulfilled' : 'rejected')
      })
    })
  })
}
