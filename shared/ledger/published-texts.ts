/** The texts of policy versions, which are stored as objects under their SHA-256. */
import { hash } from 'node:crypto'
import { inForce, type PolicyHistory } from '../consent/policy.ts'
import type { ProofText } from '../consent/proof-file.ts'
import type { StatusAnswer } from '../consent/status-answer.ts'
import { LedgerError } from '../errors.ts'
import type { Ledger } from './ledger.ts'
import { damagedLogError } from './log/damage.ts'
import type { OpenedEvent } from './sealed-event.ts'

export const textObject = (sha256: string) => `texts/${sha256}`

/** The text that has the hash; `undefined` when none is stored. Another text under its name is `log-damaged`, and not handed out. */
export async function readPublishedText(
  objects: Pick<Ledger['objects'], 'get'>,
  sha256: string,
): Promise<string | undefined> {
  const bytes = await objects.get(textObject(sha256))
  if (bytes === undefined) return undefined
  if (hash('sha256', bytes, 'hex') !== sha256)
    throw damagedLogError('texts', 'a published text does not have the hash under which it is stored')
  return Buffer.from(bytes).toString()
}

/** The texts for a proof: those of the versions shown and in force, in the locale shown or, when that is unknown, in all. */
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
