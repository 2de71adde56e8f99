/** The words of a fault in the reader's language. */
import { useCallback } from 'preact/hooks'
import { useWords } from '../shell/language.ts'
import type { Fault } from './fault.ts'
import { english } from './fault-words-en.ts'
import { swedish } from './fault-words-sv.ts'

export function useFaultWords(): (fault: Fault) => string {
  const words = useWords(english, swedish)
  return useCallback(
    ({ rule, values, detail }: Fault) => {
      const name = Object.hasOwn(english, rule) ? (rule as keyof typeof english) : 'invalid'
      return words(name, { ...values, detail })
    },
    [words],
  )
}
