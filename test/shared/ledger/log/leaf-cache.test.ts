import { expect, it } from 'vitest'
import { leafCache } from '../../../../shared/ledger/log/leaf-cache.ts'
import type { Item, Key, QueryPage } from '../../../../shared/ledger/store.ts'

const key = (n: number): Key => ({ pk: `acme#${n}`, sk: 'event#1' })
const leafOf = (item: Item | undefined) => item?.values.leaf

function cacheOver(stored: readonly number[], maxBytes: number) {
  const asked: Key[] = []
  const cache = leafCache(
    {
      async get(keys) {
        asked.push(...keys)
        return keys.map((each) =>
          stored.some((n) => key(n).pk === each.pk) ? { ...each, values: { leaf: `stored ${each.pk}` } } : undefined,
        )
      },
      query: async (): Promise<QueryPage> => ({ items: [] }),
    },
    maxBytes,
  )
  return { cache, asked }
}

it('reads only what it does not have, and answers in the order of the keys', async () => {
  const { cache, asked } = cacheOver([1, 3], 100)
  cache.add(key(2), 'two')
  const found = await cache.get([key(1), key(2), key(3), key(4)])
  expect(found.map(leafOf)).toEqual(['stored acme#1', 'two', 'stored acme#3', undefined])
  expect(asked).toEqual([key(1), key(3), key(4)])
})

it('keeps no more bytes than its bound, and lets the oldest go', async () => {
  const { cache, asked } = cacheOver([1, 2, 3], 10)
  for (const n of [1, 2, 3]) cache.add(key(n), 'ö'.repeat(2))
  expect((await cache.get([1, 2, 3].map(key))).map(leafOf)).toEqual(['stored acme#1', 'öö', 'öö'])
  expect(asked).toEqual([key(1)])
})

it('counts a leaf that comes again once, and keeps none that is larger than the bound', async () => {
  const { cache, asked } = cacheOver([1, 2], 10)
  for (const _ of [1, 2, 3]) cache.add(key(1), '12345')
  cache.add(key(2), '12345')
  await cache.get([key(1), key(2)])
  expect(asked).toEqual([])
  cache.add(key(2), 'x'.repeat(11))
  await cache.get([key(1), key(2)])
  expect(asked).toEqual([key(1), key(2)])
})
