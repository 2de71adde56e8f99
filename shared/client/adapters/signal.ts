/** Strings of other frameworks that go along with an event as signals. */

/** As many characters as the ledger takes. */
const maxLength = 8192

/** A longer one stays behind: the ledger would refuse the event for it, and the decision counts for more. */
export function fitting(signal: string | undefined): string | undefined {
  return signal && signal.length <= maxLength ? signal : undefined
}
