/**
 * The ledger's own event of a record of another tool: with an `eventId` made of the tool and its id of the record, our names of purposes, and the
 * grade `imported`. It is checked as an event that a server posts.
 */

import { clientEvent, event as eventSchema } from '../api/schemas/events.ts'
import type { ImportDraft } from '../api/schemas/imports.ts'
import { type EventOrigin, noVerbs } from '../consent/event.ts'
import { LedgerError } from '../errors.ts'
import { hashedUuid } from '../hashed-uuid.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import type { ReceivedEvent } from '../ledger/recording/recorded-event.ts'
import { recordable } from '../ledger/vault/checked-identity.ts'
import { Refusal } from './refusal.ts'
import type { SourceDecision, SourceRecord } from './source-record.ts'

export interface ImportContext {
  readonly draft: ImportDraft
  readonly snapshot: ControllerSnapshot
  /** Milliseconds since 1970. */
  readonly now: number
}

const clockToleranceMs = 5 * 60_000
const maxOriginLength = 300

/** @param record its number in the import @throws Refusal */
export async function eventOf(
  source: SourceRecord,
  { draft, snapshot, now }: ImportContext,
  record: number,
): Promise<ReceivedEvent> {
  const { controller } = snapshot.controller
  if (source.originId === '' || source.originId.length > maxOriginLength)
    throw new Refusal('no-origin-id', `the id of a record has 1 to ${maxOriginLength} characters`)
  if (Date.parse(source.occurredAt) > now + clockToleranceMs) throw new Refusal('in-the-future', source.occurredAt)
  const parsed = eventSchema.safeParse({
    eventId: hashedUuid(JSON.stringify(['import-v1', controller, draft.system, source.originId])),
    occurredAt: source.occurredAt,
    decisions: decisionsIn(source, draft),
    ...shownIn(source, draft),
    ...source.details,
    subject: {
      identifier: { type: source.identifier.type ?? draft.identifierType ?? 'visitor', id: source.identifier.id },
      assurance: 'imported',
    },
  })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const isIdentifier = issue?.path[0] === 'subject'
    const detail = `${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`
    throw new Refusal(isIdentifier ? 'bad-identifier' : 'not-accepted', detail)
  }
  const { subject, ...event } = parsed.data
  if (!('identifier' in subject)) throw new Refusal('bad-identifier', 'the identifier names nobody')
  const identity = await recordable(subject.identifier, snapshot, '/subject/identifier/id').catch((error: unknown) => {
    if (error instanceof LedgerError) throw new Refusal('bad-identifier', String(error.facts.allowed))
    throw error
  })
  const origin: EventOrigin = {
    ...{ system: draft.system, eventId: source.originId, importId: draft.importId, record },
    ...(draft.notify === true && { announced: true }),
  }
  return {
    ...{ event: clientEvent({ ...event, subject }), identity, assurance: 'imported', announcedNew: true },
    ...{ site: draft.site, origin },
  }
}

/** The no counts of several decisions on one of our purposes: they were one choice there, and a no is never weakened. */
function decisionsIn({ decisions, refusesOthers }: SourceRecord, { purposes }: ImportDraft): object[] {
  const found = new Map<string, object>()
  for (const { purpose, policyId, verb, ...details } of decisions) {
    const ours = purpose === undefined ? undefined : purposeFor(purpose, purposes)
    if (ours === null) continue
    const target = ours === undefined ? { policyId } : { purposeId: ours }
    const name = JSON.stringify(target)
    if (!found.has(name) || noVerbs.has(verb)) found.set(name, { ...target, verb, ...details })
  }
  if (refusesOthers) {
    const named = new Set(decisions.map(({ purpose }) => purpose))
    for (const [theirs, ours] of Object.entries(purposes ?? {})) {
      if (ours === null || named.has(theirs)) continue
      const target = { purposeId: ours }
      found.set(JSON.stringify(target), { ...target, verb: 'refused' satisfies SourceDecision['verb'] })
    }
  }
  if (found.size === 0) throw new Refusal('no-decision', 'no purpose of the record is one that the import maps')
  return [...found.values()]
}

function purposeFor(theirs: string, purposes: ImportDraft['purposes'] = {}): string | null {
  const ours = ownOf(purposes, theirs)
  return ours === undefined ? theirs : ours
}

function shownIn({ shown, version, text }: SourceRecord, { policy }: ImportDraft): { readonly shown?: object[] } {
  if (shown !== undefined) return shown.length > 0 ? { shown: [...shown] } : {}
  if (policy === undefined) return {}
  const { policyId, versions } = policy
  const named = version === undefined ? undefined : versions === undefined ? version : ownOf(versions, version)
  if (named === undefined && text === undefined) return {}
  return { shown: [{ policyId, ...(named !== undefined && { version: named }), ...text }] }
}

/** Names come from files: `constructor` is none that the import maps. */
function ownOf<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}
