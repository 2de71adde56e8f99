/** The texts of policy versions, which are stored as objects under their SHA-256. */
import { hash } from 'node:crypto'
import { inForce, type PolicyHistory } from '../../consent/policy.ts'
import type { ProofText } from '../../consent/proof-file.ts'
import type { StatusAnswer } from '../../consent/status-answer.ts'
import { LedgerError } from '../../errors.ts'
import type { Ledger } from '../ledger.ts'
import { damagedLogError } from '../log/damage.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'

export const textObject = (sha256: string) => `texts/${sha256}`

/** Longer texts are read each time: the cache is bounded by number. */
const maxCachedBytes = 16 * 1024

/**
 * The text that has the hash; `undefined` when none is stored. It is read once, because most notices and proofs are about the same few. Another
 * text under its name is `log-damaged`, and not handed out.
 */
export async function readPublishedText(
  { objects, cached }: Pick<Ledger, 'objects' | 'cached'>,
  sha256: string,
): Promise<string | undefined> {
  const name = textObject(sha256)
  const bytes = cached.get(name) ?? (await objects.get(name))
  if (bytes === undefined) return undefined
  if (hash('sha256', bytes, 'hex') !== sha256)
    throw damagedLogError('texts', 'a published text does not have the hash under which it is stored')
  if (bytes.length <= maxCachedBytes) cached.put(name, bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
}

/** The texts for a proof: those of the versions shown and in force, in the locale shown or, when that is unknown, in all. */
export async function readTextsForProof(
  ledger: Pick<Ledger, 'objects' | 'cached'>,
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
      const found = await readPublishedText(ledger, text.sha256)
      if (found === undefined) throw new LedgerError('unavailable', 'a text that was published cannot be read')
      return { ...text, text: found }
    }),
  )
}
