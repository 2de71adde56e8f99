/** Reads by account for a controller's own servers: with a token of scope `consent.audit`, and each recorded as an audit read. */
import type * as z from 'zod'
import type { Identity } from '../../shared/consent/event.ts'
import {
  type EventsRead,
  publicationsUnreadable,
  readEvents,
  unreadableMember,
} from '../../shared/ledger/answers-for-subject.ts'
import { type ReadQuestion, recordRead } from '../../shared/ledger/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { controllerFor, siteOf } from '../http/access.ts'
import { type Answer, type Call, ok, parseQuery } from '../http/call.ts'
import { consentState, listConsents, maxConsents } from './consents.ts'
import { type CategoryNames, categoryNames } from './names.ts'
import { checkQuery, subjectsQuery } from './schemas.ts'

export const c15tAccountReads = {
  async c15tCheck(call: Call): Promise<Answer> {
    const { query, snapshot, names, read, at } = await readAccount(call, checkQuery, ({ type: types }) => ({ types }))
    const types = query.type
    const answers = types.map((type) => [
      type,
      names ? consentState(type, read, snapshot, names, at) : { hasConsent: false, isLatestPolicy: false },
    ])
    return ok({
      results: Object.fromEntries(answers),
      ...unreadableMember([...read.unreadable, ...publicationsUnreadable(snapshot)]),
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
  const stored = await recordRead(ledger, snapshot, holderIdentity('read', bearer), subject, {
    route: call.route.id,
    ...questionOf(query),
    at,
    knownAt: at,
  })
  return {
    query,
    snapshot,
    names: categoryNames(snapshot, site.c15t, at),
    read: await readEvents(ledger, snapshot, subject, at, stored),
    at,
  }
}
