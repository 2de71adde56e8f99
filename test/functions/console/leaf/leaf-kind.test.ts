/** Every kind of leaf that the verifier knows has words, and every word has a kind. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { english } from '../../../../functions/console/leaf/words-en.ts'

it('names the kinds of shared/verify/log-leaves.ts', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../../shared/verify/log-leaves.ts'), 'utf8')
  const table = /leafKinds: [^=]+= \{([^}]+)\}/.exec(source)?.[1] ?? ''
  const kinds = [...table.matchAll(/^\s*'?([a-z-]+)'?: true/gm)].map(([, kind]) => `kind-${kind}`)
  expect(kinds.length).toBeGreaterThan(20)
  expect(
    Object.keys(english)
      .filter((name) => name.startsWith('kind-'))
      .sort(),
  ).toEqual(kinds.sort())
})
