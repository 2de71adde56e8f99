/** The default `onError`: one console warning for each code, so that a mistake is seen without flooding the console. */
import type { ConsentError } from './consent.ts'

export function warnOnce(): (error: ConsentError) => void {
  const warned = new Set<string>()
  return ({ code, detail = '', given = '' }) => {
    if (warned.has(code)) return
    warned.add(code)
    console.warn(`consent ledger: ${code}`, detail, given)
  }
}
