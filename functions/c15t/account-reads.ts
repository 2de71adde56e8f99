/**
 * Reads by account for a controller's own servers: with a token of scope `consent.audit` whose holder has a grant for all purposes, and each
 * recorded as an audit read.
 */
import type * as z from 'zod'
import type { Identity } from '../../shared/consent/event.ts'
import {
  type EventsRead,
  publicationsUnreadable,
  readEvents,
  unreadableMember,
} from '../../shared/ledger/answers/answers-for-subject.ts'
import { readLinked } from '../../shared/ledger/answers/joint-answers.ts'
import { type ReadQuestion, recordRead } from '../../shared/ledger/auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import type { AdmitLinked } from '../../shared/ledger/links/linked-subjects.ts'
import { controllerFor, siteOf } from '../http/access.ts'
import { admitAbout, admitsLinked } from '../http/audit-access.ts'
import { type Answer, type Call, ok, parseQuery } from '../http/call.ts'
import { consentState, listConsents, maxConsents } from './consents.ts'
import { type CategoryNames, categoryNames } from './names.ts'
import { checkQuery, subjectsQuery } from './schemas.ts'

export const c15tAccountReads = {
  async c15tCheck(call: Call): Promise<Answer> {
    const asked = await readAccount(call, checkQuery, ({ type: types }) => ({ types }))
    const { query, snapshot, names, read, at, admitLinked } = asked
    const instants = { at, knownAt: at, askedAt: at }
    const linked = await readLinked(call.instance.ledger, snapshot, read, instants, admitLinked)
    const { members } = linked ?? { members: [{ read }] }
    const answers = query.type.map((type) => [
      type,
      names ? consentState(type, { members }, snapshot, names, at) : { hasConsent: false, isLatestPolicy: false },
    ])
    const unreadable = members.flatMap((each) => each.read.unreadable)
    return ok({
      results: Object.fromEntries(answers),
      ...unreadableMember([...unreadable, ...publicationsUnreadable(snapshot)]),
    })
  },

  async c15tSubjects(call: Call): Promise<Answer> {
    const { query, snapshot, names, read, at } = await readAccount(call, subjectsQuery, () => ({}))
    const { externalId } = query
    const { opened: events, unreadable } = read
    const leftOut = unreadableMember([...unreadable, ...publicationsUnreadable(snapshot)])
    if (names === undefined || events.length === 0) return ok({ subjects: [], ...leftOut })
    const createdAt = events.map(({ event }) => event.times.recordedAt).sort()[0]
    const consents = listConsents(events, snapshot, names, at).slice(0, maxConsents)
    // Named by its account, because the ledger keeps only the hash of a subjectId.
    return ok({ subjects: [{ id: externalId, externalId, createdAt, consents }], ...leftOut })
  },
}

interface AccountRead<Query> {
  readonly query: Query
  readonly snapshot: ControllerSnapshot
  readonly names: CategoryNames | undefined
  readonly read: EventsRead
  readonly at: string
  readonly admitLinked: AdmitLinked
}

/** Admits the caller: the site key names the controller, and the token must carry `consent.audit` for it. Records the read. */
async function readAccount<Query extends { readonly externalId: string }>(
  call: Call,
  form: z.ZodType<Query>,
  questionOf: (query: Query) => ReadQuestion,
): Promise<AccountRead<Query>> {
  const { site, snapshot: known } = await siteOf(call)
  const { ledger } = call.instance
  const { snapshot, bearer } = await controllerFor(call, known.controller.controller, 'consent.audit')
  const query = parseQuery(call, form)
  const { externalId } = query
  const at = timestamp(ledger.clock)
  const subject: Identity = { type: 'account', id: externalId }
  await admitAbout(call, snapshot, bearer, subject, undefined)
  const question = { route: call.route.id, ...questionOf(query), at, knownAt: at }
  const stored = await recordRead(ledger, snapshot, holderIdentity('read', bearer), subject, question)
  return {
    query,
    snapshot,
    names: categoryNames(snapshot, site.c15t, at),
    read: await readEvents(ledger, snapshot, subject, at, stored),
    at,
    admitLinked: admitsLinked(call, snapshot, bearer, question),
  }
}
