/** Strings of other frameworks that go along with an event as signals. */
import { type ErrorTarget, report } from './recorder.ts'

/** As many characters as the ledger takes. */
const maxLength = 8192

/** The signal, or `undefined` when it is too long: the ledger would refuse the event, and the decision is worth more than the signal. */
export function fitting(signal: string | undefined, to: ErrorTarget): string | undefined {
  if (!signal || signal.length <= maxLength) return signal || undefined
  report(to, { code: 'signal-too-long', detail: `${signal.length} characters, at most ${maxLength}` })
  return undefined
}
