/** Differences are computed once for all who ask, and what is kept of them is bounded. */
import { expect, it } from 'vitest'
import { differenceCache } from '../../../functions/endpoints/difference-cache.ts'

function counting(max: number) {
  const read: string[] = []
  const cache = differenceCache(async (sha256) => {
    read.push(sha256)
    if (sha256 === 'gone') throw new Error('no such text')
    return `${sha256}\n`.padEnd(100, 'x')
  }, max)
  return { cache, read }
}

it('computes one for sixty who ask at once, and for who asks later', async () => {
  const { cache, read } = counting(1000)
  const all = await Promise.all(Array.from({ length: 60 }, () => cache.between('a', 'b', 'words')))
  expect(new Set(all).size).toBe(1)
  expect(await cache.between('a', 'b', 'words')).toBe(all[0])
  expect(read).toEqual(['a', 'b'])
})

it('keeps apart what is asked by lines, by words and the other way round', async () => {
  const { cache } = counting(1000)
  const all = await Promise.all([
    cache.between('a', 'b', 'words'),
    cache.between('a', 'b', 'lines'),
    cache.between('b', 'a', 'lines'),
  ])
  expect(new Set(all).size).toBe(3)
})

it('drops those that were not asked for the longest, beyond its bound', async () => {
  const { cache, read } = counting(400)
  await cache.between('a', 'b', 'words')
  await cache.between('c', 'd', 'words')
  await cache.between('a', 'b', 'words')
  await cache.between('e', 'f', 'words')
  read.length = 0
  await cache.between('a', 'b', 'words')
  expect(read).toEqual([])
  await cache.between('c', 'd', 'words')
  expect(read).toEqual(['c', 'd'])
})

it('answers what is larger than its bound, and keeps no failure', async () => {
  const { cache, read } = counting(50)
  expect(await cache.between('a', 'b', 'words')).not.toEqual([])
  await expect(cache.between('a', 'gone', 'words')).rejects.toThrow('no such text')
  await expect(cache.between('a', 'gone', 'words')).rejects.toThrow('no such text')
  expect(read).toEqual(['a', 'b', 'a', 'gone', 'a', 'gone'])
})
