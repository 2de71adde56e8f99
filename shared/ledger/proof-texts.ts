/** Reads the texts for a proof: those of the versions shown and in force, in the locale shown or, when that is unknown, in all. */
import { inForce, type PolicyHistory } from '../consent/policy.ts'
import type { ProofText } from '../consent/proof-file.ts'
import type { StatusAnswer } from '../consent/status-answer.ts'
import { LedgerError } from '../errors.ts'
import type { Ledger } from './ledger.ts'
import { readPublishedText } from './published-texts.ts'
import type { OpenedEvent } from './sealed-event.ts'

export async function readTextsForProof(
  { objects }: Pick<Ledger, 'objects'>,
  history: PolicyHistory,
  answer: StatusAnswer,
  covering: readonly OpenedEvent[],
  at: string,
): Promise<ProofText[]> {
  const links = covering.flatMap((e) => e.event.link).filter((l) => l.policyId === history.policyId)
  const versions = [...new Set([answer.shown, inForce(history, at)?.version])].filter((v) => v !== undefined)
  const wanted = versions.flatMap((name) => {
    const texts = history.versions.find((v) => v.version === name)?.texts ?? []
    const locales = new Set(links.filter((l) => l.shown === name).map((l) => l.locale))
    const shown = texts.filter((t) => locales.has(t.locale))
    return (shown.length > 0 ? shown : texts).map((t) => ({ ...t, version: name, localeShown: shown.length > 0 }))
  })
  return Promise.all(
    wanted.map(async (text) => {
      const found = await readPublishedText(objects, text.sha256)
      if (found === undefined) throw new LedgerError('unavailable', 'a text that was published cannot be read')
      return { ...text, text: found }
    }),
  )
}
