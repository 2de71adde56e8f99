/** The kinds of leaves in the reader's words, and what an auditor can check of each. */
import { useCallback } from 'preact/hooks'
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type WordName = keyof typeof english

/** A newer ledger may log kinds that this page does not know: then the kind as it is. */
export function useLeafKind(): (kind: string) => string {
  const words = useWords(english, swedish)
  return useCallback(
    (kind) => {
      const name = `kind-${kind}`
      return isWord(name) ? words(name) : kind
    },
    [words],
  )
}

const isWord = (name: string): name is WordName => Object.hasOwn(english, name)

const checks: Readonly<Record<string, WordName>> = {
  event: 'check-event',
  read: 'check-read',
  policy: 'check-publication',
  presentation: 'check-publication',
  erased: 'check-erasure',
  'erasure-requested': 'check-erasure',
  'erasure-asked': 'check-erasure',
  'erasure-granted': 'check-erasure',
  'erasure-refused': 'check-erasure',
  disposition: 'check-erasure',
  hold: 'check-hold',
  'hold-released': 'check-hold',
  link: 'check-link',
  unlink: 'check-link',
  mandate: 'check-mandate',
  'mandate-ended': 'check-mandate',
  time: 'check-time',
}

export function useLeafCheck(): (kind: string) => string {
  const words = useWords(english, swedish)
  return useCallback((kind) => words(checks[kind] ?? 'check-setup'), [words])
}
