/** What is found in the signals that came with an event. What reads a TC string is loaded with the first one. */
import type { Signals } from '../../shared/consent/event.ts'
import type { SignalFindings } from '../../shared/consent/signals.ts'
import { readGppString } from './gpp-string.ts'

export async function findingsIn({ tcString, gppString }: Signals = {}): Promise<SignalFindings> {
  return {
    ...(tcString !== undefined && { tcf: (await import('./tc-string.ts')).readTcString(tcString) }),
    ...(gppString !== undefined && { gpp: readGppString(gppString) }),
  }
}
