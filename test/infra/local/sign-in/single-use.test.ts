/** What is handed out for one use: gone when it was used, when it is old, and when there are too many. */
import { expect, it } from 'vitest'
import { singleUse } from '../../../../infra/local/sign-in/single-use.ts'

function opened(most = 3) {
  let now = 0
  const kept = singleUse<string>({ lifetimeMs: 60_000, most }, () => now)
  return {
    ...kept,
    wait(ms: number) {
      now += ms
    },
  }
}

it('is given back once', () => {
  const { put, take } = opened()
  const name = put('a')
  expect(name).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect([take('another'), take(name), take(name)]).toEqual([undefined, 'a', undefined])
})

it('is gone once its time is over', () => {
  const { put, take, wait } = opened()
  const [early, late] = [put('early'), put('late')]
  wait(59_999)
  expect(take(early)).toBe('early')
  wait(1)
  expect(take(late)).toBeUndefined()
})

it('the oldest goes when there would be more than the bound', () => {
  const { put, take } = opened(3)
  const names = ['a', 'b', 'c', 'd'].map(put)
  expect(names.map(take)).toEqual([undefined, 'b', 'c', 'd'])
})
