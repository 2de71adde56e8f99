/** Strings of other frameworks that go along with an event as signals. */
import { type Telling, tell } from './recorder.ts'

/** As many characters as the ledger takes. */
const maxLength = 8192

/** A longer one stays behind, and that is told: the ledger would refuse the event for it, and the decision counts for more. */
export function fitting(signal: string | undefined, to: Telling): string | undefined {
  if (!signal || signal.length <= maxLength) return signal || undefined
  tell(to, { code: 'signal-too-long', detail: `${signal.length} characters, at most ${maxLength}` })
  return undefined
}
