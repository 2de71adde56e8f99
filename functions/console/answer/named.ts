/** Words for values of the ledger. */
import { english } from './words-en.ts'

/** The words for a value that a newer ledger may have and this page not: then the value itself. */
export function named(words: (name: keyof typeof english & string) => string, prefix: string, value: string): string {
  const name = `${prefix}-${value}`
  return isWord(name) ? words(name) : value
}

export function isWord(name: string): name is keyof typeof english & string {
  return Object.hasOwn(english, name)
}
