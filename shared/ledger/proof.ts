/**
 * The proof of one answer: `consent-proof@1`, DESIGN section 6, still without the log's part. For every event of the subject it
 * carries the leaf and opens covers, times and who; for the events that cover the question also the decision, link and how, and
 * the identity when the question named one. Context and other decisions stay closed.
 */
import { type Identity, targetId } from '../consent/event.ts'
import {
  historyKnownAt,
  inForce,
  type PolicyHistory,
  type PolicyText,
  type PolicyVersion,
  type Presentation,
} from '../consent/policy.ts'
import { statusOf } from '../consent/status.ts'
import type { StatusAnswer } from '../consent/status-answer.ts'
import { LedgerError } from '../errors.ts'
import type { Instants, Topic } from './ask.ts'
import { byRecording, eventsOf, historyOf } from './ask.ts'
import type { ControllerBook } from './controllers.ts'
import type { Ledger } from './ledger.ts'
import { textName, versionLeaf } from './publish.ts'
import type { OpenedEvent } from './sealed-event.ts'

export interface ConsentProof {
  readonly format: 'consent-proof@1'
  readonly question: Topic & Instants & { readonly controller: string; readonly subject: Identity }
  readonly answer: StatusAnswer
  /** Every event of the subject known at `knownAt`, oldest record first. */
  readonly events: readonly { readonly leaf: string; readonly disclosures: readonly string[] }[]
  /** Every version of the policy known at `knownAt`, with the leaf that commits to it. */
  readonly versions: readonly { readonly leaf: string; readonly version: PolicyVersion }[]
  readonly retractions: PolicyHistory['retractions']
  readonly presentations: readonly Presentation[]
  /** The texts of the versions shown and in force: in the locale shown, or all when that is not known (`assumed`). */
  readonly texts: readonly ProofText[]
  /** True or false once the log can tell; until then nothing is proven about events left out. */
  readonly completeness: 'not-proven'
}

export type ProofText = PolicyText & { readonly version: string; readonly localeShown: boolean; readonly text: string }

export async function prove(
  ledger: Ledger,
  book: ControllerBook,
  subject: Identity,
  topic: Topic,
  instants: Instants,
): Promise<ConsentProof> {
  const history = historyKnownAt(await historyOf(ledger, book, topic), instants.knownAt)
  const events = (await eventsOf(ledger, book, subject)).filter((e) => e.event.times.recordedAt <= instants.knownAt)
  events.sort(byRecording)
  const answer = statusOf({ ...topic, ...instants }, events, history)
  const covering = events.filter((e) => covers(e, topic))
  return {
    format: 'consent-proof@1',
    question: { controller: book.controller.controller, subject, ...topic, ...instants },
    answer,
    events: events.map((e) => ({ leaf: e.leaf, disclosures: disclosuresFor(e, topic) })),
    versions: history.versions.map((version) => ({ leaf: versionLeaf(version), version })),
    retractions: history.retractions,
    presentations: history.presentations.filter((p) =>
      covering.some((e) => e.event.how.presentationId === p.presentationId),
    ),
    texts: await textsFor(ledger, history, answer, covering, instants.at),
    completeness: 'not-proven',
  }
}

function covers({ event }: OpenedEvent, topic: Topic): boolean {
  return event.decisions.some((decision) => targetId(decision) === targetId(topic))
}

function disclosuresFor(opened: OpenedEvent, topic: Topic): string[] {
  const always = ['field:covers', 'field:times', 'field:who']
  const whenCovered = ['field:link', 'field:how', 'field:identity', `decision:${targetId(topic)}`]
  const names = covers(opened, topic) ? [...always, ...whenCovered] : always
  return names.map((name) => opened.disclosures.get(name)).filter((disclosure) => disclosure !== undefined)
}

async function textsFor(
  ledger: Ledger,
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
      const bytes = await ledger.objects.get(textName(text.sha256))
      if (bytes === undefined) throw new LedgerError('unavailable', 'a text that was published cannot be read')
      return { ...text, text: Buffer.from(bytes).toString() }
    }),
  )
}
