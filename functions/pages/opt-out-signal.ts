/**
 * The opt-out signal that the browser sends (Global Privacy Control, https://www.w3.org/TR/gpc/): what it refused, and the record that the person was
 * told. Telling is recorded once for each device and version of a policy, as `requested` with the signal `gpcShown`: it decides nothing.
 */
import type { Consent, How, Notice } from '../../shared/client/client.ts'
import { browserStorage, openPrefixedStorage } from '../../shared/client/storage.ts'
import type { Purpose } from '../../shared/consent/purpose.ts'
import { listOf, type Reader, textFor } from './reader.ts'

/** Purposes of the notice to which the signal is a no that stands. A yes that the person gave in spite of it is not among them. */
export function refusedBySignal(consent: Consent, { purposes }: Notice): readonly Purpose[] {
  if (!consent.globalPrivacyControl) return []
  return purposes.filter((p) => p.globalPrivacyControl && consent.permits(p.purposeId) === false)
}

export function signalHonoured(reader: Reader, refused: readonly Pick<Purpose, 'title'>[]): string {
  return reader.words.gpcHonoured(
    listOf(
      reader,
      refused.map(({ title }) => textFor(reader, title)[0]),
    ),
  )
}

/** What this device was told. */
export interface TellingOfSignal {
  /** Whether it was told about the signal under this version. */
  isTold({ policyId, version }: Notice): boolean
  /** Remembers that it was, for a decision whose own event says so. */
  remember({ policyId, version }: Notice): void
  /** Records that it was, unless that is recorded. */
  record(consent: Consent, notice: Notice, refused: readonly Purpose[], surface: How['surface']): void
}

/** `key`: of the site. */
export function tellingOfSignal(key: string): TellingOfSignal {
  const drawer = openPrefixedStorage(browserStorage(), `consent-ledger:${key}:`)
  const name = (policyId: string) => `told:${policyId}`
  const isTold = ({ policyId, version }: Notice) => drawer.read(name(policyId)) === version
  const remember = ({ policyId, version }: Notice) => void drawer.write(name(policyId), version)
  return {
    isTold,
    remember,
    record(consent, notice, refused, surface) {
      if (refused.length === 0 || isTold(notice)) return
      remember(notice)
      const requested = Object.fromEntries(refused.map(({ purposeId }) => [purposeId, 'requested' as const]))
      consent.record(requested, { surface, layer: 1, signals: { gpcShown: true } })
    },
  }
}
