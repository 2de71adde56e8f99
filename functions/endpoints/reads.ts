/**
 * Shows recorded reads: to the controller's administration those of a day, and to a person those about them. They write nothing, so the
 * function that may not write answers them. What they read with is loaded with the first question.
 */
import { ownReadsQuery, readsQuery } from '../../shared/api/schemas/reads.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { administered, siteOf, subjectOf } from '../http/access.ts'
import { type Endpoint, ok, parseQuery } from '../http/call.ts'

const pageLength = 100

export const readEndpoints = {
  async listReads(call) {
    const { snapshot } = await administered(call)
    const { ledger } = call.instance
    const { day = timestamp(ledger.clock).slice(0, 10), after } = parseQuery(call, readsQuery)
    const { readsOfDay } = await import('../../shared/ledger/auditors/list-reads.ts')
    return ok({ day, ...(await readsOfDay(ledger, vaultScope(snapshot), day, { limit: pageLength, after })) })
  },

  async getOwnReads(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { after } = parseQuery(call, ownReadsQuery)
    const { readsAbout } = await import('../../shared/ledger/auditors/list-reads.ts')
    return ok(await readsAbout(call.instance.ledger, vaultScope(snapshot), identity, { limit: pageLength, after }))
  },
} satisfies Record<string, Endpoint>
