/** What a failed call is called: by the codes of the ledger, and for what no ledger would answer. */
import { expect, it } from 'vitest'
import { problemWord } from '../../../../functions/console/components/problem-words.ts'
import { english } from '../../../../functions/console/shell/words-en.ts'

it.each(['__proto__', 'constructor', 'toString', 'no-code-of-a-ledger', undefined])(
  '%s is a failure of the ledger',
  (code) => {
    expect(problemWord(code)).toBe('errorLedger')
  },
)

it.each(['unreachable', 'unexpected-answer'])('%s leaves open whether something was done', (code) => {
  const words = english[problemWord(code)]
  expect(words).toContain('may have been done')
  expect(words).not.toContain('Nothing was')
})
