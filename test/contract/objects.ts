/** What every implementation of the `Objects` port must do. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointFolder, checkpointObject } from '../../shared/ledger/log/log-items.ts'
import type { Objects } from '../../shared/ledger/store.ts'

const foldersOf = (name: string): string[] =>
  [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1)).slice(1)

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString()

/**
 * Names below `log/x/`, none of which is a folder of another: what a directory can hold. Of few characters, two of which come
 * before the slash and one after it, so that `a-`, `a.` and `a/` meet.
 */
const names = fc
  .uniqueArray(
    fc
      .array(fc.stringMatching(/^[a0-][a0.-]{0,1}$/), { minLength: 1, maxLength: 4 })
      .map((segments) => `log/x/${segments.join('/')}`),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.filter((name) => !all.some((other) => other.startsWith(`${name}/`))))

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

    describe('the first name', () => {
      it('is none below a folder with nothing in it', async () => {
        const objects = await makeObjects()
        await objects.put('log/ab/tile', Buffer.of(1))
        expect(await objects.first('log/a/')).toBeUndefined()
        expect(await objects.first('log/')).toBe('log/ab/tile')
      })

      it('is before a folder whose name it begins with, because a slash sorts after a hyphen and a dot', async () => {
        const objects = await makeObjects()
        await objects.put('log/x/a/b', Buffer.of(1))
        expect(await objects.first('log/x/')).toBe('log/x/a/b')
        await objects.put('log/x/a.b', Buffer.of(1))
        expect(await objects.first('log/x/')).toBe('log/x/a.b')
        await objects.put('log/x/a-b', Buffer.of(1))
        expect(await objects.first('log/x/')).toBe('log/x/a-b')
        await objects.put('log/x/a0', Buffer.of(1))
        expect(await objects.first('log/x/')).toBe('log/x/a-b')
      })

      it('is the first bytewise, of any names put in any order', async () => {
        await fc.assert(
          fc.asyncProperty(names, async (all) => {
            const objects = await makeObjects()
            for (const name of all) await objects.put(name, Buffer.from(name))
            for (const prefix of new Set(all.flatMap(foldersOf))) {
              const [expected] = all
                .filter((name) => name.startsWith(prefix))
                .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
              expect(await objects.first(prefix)).toBe(expected)
            }
          }),
          { numRuns: 30 },
        )
      })

      it('is the newest checkpoint, after each that is put', async () => {
        const objects = await makeObjects()
        for (const size of [0, 1, 999, 1_000, 1_001, 256_000, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
          await objects.put(checkpointObject('acme', size), Buffer.from(String(size)))
          await objects.put(checkpointObject('acme', Math.floor(size / 3)), Buffer.from(String(Math.floor(size / 3))))
          const newest = await objects.first(checkpointFolder('acme'))
          expect(newest).toBe(checkpointObject('acme', size))
          expect(text(await objects.get(newest ?? ''))).toBe(String(size))
        }
      })
    })

    describe('a served copy', () => {
      it('is read with the tag that replaces it, and is replaced with no other', async () => {
        const objects = await makeObjects()
        expect(await objects.readServed('served/acme/checkpoint')).toBeUndefined()
        expect(await objects.replaceServed('served/acme/checkpoint', Buffer.from('one'), 'a tag')).toBe(false)
        expect(await objects.replaceServed('served/acme/checkpoint', Buffer.from('one'), undefined)).toBe(true)
        const one = await objects.readServed('served/acme/checkpoint')
        expect(text(one?.bytes)).toBe('one')
        expect(await objects.replaceServed('served/acme/checkpoint', Buffer.from('lost'), undefined)).toBe(false)
        expect(await objects.replaceServed('served/acme/checkpoint', Buffer.from('two'), one?.tag)).toBe(true)
        expect(await objects.replaceServed('served/acme/checkpoint', Buffer.from('lost'), one?.tag)).toBe(false)
        expect(text((await objects.readServed('served/acme/checkpoint'))?.bytes)).toBe('two')
        expect(text(await objects.get('served/acme/checkpoint'))).toBe('two')
      })

      it.each([true, false])('has one winner among many that saw the same state (a first one: %s)', async (isFirst) => {
        const objects = await makeObjects()
        if (!isFirst) await objects.replaceServed('served/race', Buffer.from('before'), undefined)
        const tag = (await objects.readServed('served/race'))?.tag
        const won = await Promise.all(
          Array.from({ length: 12 }, (_, i) => objects.replaceServed('served/race', Buffer.from(`writer ${i}`), tag)),
        )
        expect(won.filter(Boolean)).toHaveLength(1)
        expect(text((await objects.readServed('served/race'))?.bytes)).toBe(`writer ${won.indexOf(true)}`)
      })

      it('loses no step of many that count together', async () => {
        const objects = await makeObjects()
        const count = async (): Promise<void> => {
          const seen = await objects.readServed('served/count')
          const next = Buffer.from(String(Number(text(seen?.bytes) ?? 0) + 1))
          if (!(await objects.replaceServed('served/count', next, seen?.tag))) await count()
        }
        await Promise.all(Array.from({ length: 10 }, count))
        expect(text((await objects.readServed('served/count'))?.bytes)).toBe('10')
      })
    })
  })
}

/** What every implementation refuses by its name: nothing leaves its place, and nothing written once is replaced. */
export function objectNamesContract(name: string, makeObjects: () => Promise<Objects>): void {
  describe(`names of objects in ${name}`, () => {
    it.each([
      '../secret',
      'texts/../../secret',
      '/etc/passwd',
      'texts//x',
      'texts/',
      'texts',
      'texts/.hidden',
      'served',
    ])('refuses the name %s', async (bad) => {
      const objects = await makeObjects()
      const refusal = { code: 'internal' }
      await expect(objects.put(bad, Buffer.of(1))).rejects.toMatchObject(refusal)
      await expect(objects.get(bad)).rejects.toMatchObject(refusal)
      await expect(objects.readServed(bad)).rejects.toMatchObject(refusal)
      await expect(objects.replaceServed(bad, Buffer.of(1), undefined)).rejects.toMatchObject(refusal)
    })

    it.each(['log/a', 'log//', '../', '/'])('is not asked for below %s', async (prefix) => {
      await expect((await makeObjects()).first(prefix)).rejects.toMatchObject({ code: 'internal' })
    })

    it('are those of served copies, which alone are replaced, or of objects that are put', async () => {
      const objects = await makeObjects()
      await expect(objects.put('served/x', Buffer.of(1))).rejects.toMatchObject({ code: 'internal' })
      await objects.put('log/x/y', Buffer.of(1))
      await expect(objects.readServed('log/x/y')).rejects.toMatchObject({ code: 'internal' })
      await expect(objects.replaceServed('log/x/y', Buffer.of(2), undefined)).rejects.toMatchObject({
        code: 'internal',
      })
    })
  })
}
