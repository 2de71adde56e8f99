/** Progress: one line that is overwritten on a terminal, lines of their own elsewhere, and at most one a second. */
import { expect, it } from 'vitest'
import { progressOn } from '../../../infra/local/progress.ts'

function shown(isTTY: boolean | undefined): string {
  let text = ''
  let ms = 0
  const write = (part: string | Uint8Array) => {
    text += part
    return true
  }
  const progress = progressOn({ write, ...(isTTY !== undefined && { isTTY }) }, () => ms)
  for (const [at, line] of [
    [500, 'too early'],
    [1_000, 'log 1'],
    [1_900, 'log 2'],
    [2_000, 'log 3'],
  ] as const) {
    ms = at
    progress.show(line)
  }
  progress.end()
  progress.end()
  return text
}

it.each([
  ['on a terminal', true, '\r\x1b[Klog 1\r\x1b[Klog 3\r\x1b[K'],
  ['in a file', false, 'log 1\nlog 3\n'],
  ['where nothing is known', undefined, 'log 1\nlog 3\n'],
])('%s', (_, isTTY, text) => {
  expect(shown(isTTY)).toBe(text)
})
