/** Decodes the TC and GPP strings that came with an event. The TC decoder is loaded with the first TC string. */
import type { Signals } from '../../shared/consent/event.ts'
import type { SignalFindings } from '../../shared/consent/tcf-gpp-findings.ts'
import { readGppString } from './gpp-string.ts'

export async function findingsIn({ tcString, gppString }: Signals = {}): Promise<SignalFindings> {
  return {
    ...(tcString !== undefined && { tcf: (await import('./tc-string.ts')).readTcString(tcString) }),
    ...(gppString !== undefined && { gpp: readGppString(gppString) }),
  }
}
