/**
 * The whole record of the calling person, as a file. It holds receipts, so the function that signs their promises answers. This module is loaded with
 * the first such call.
 */
import { ownRecordQuery } from '../../shared/api/schemas/own-queries.ts'
import { ownRecord } from '../../shared/ledger/answers/own-record.ts'
import { siteOf, subjectOf } from '../http/access.ts'
import { type Answer, type Call, ok, parseQuery } from '../http/call.ts'

export async function ownRecordFile(call: Call): Promise<Answer> {
  const { snapshot } = await siteOf(call)
  const { identity, assurance } = await subjectOf(call, snapshot)
  const { after } = parseQuery(call, ownRecordQuery)
  const options = { after, isSignedIn: assurance !== 'anonymous' }
  const record = await ownRecord(call.instance.ledger, snapshot, identity, options)
  return ok(record, { 'content-disposition': 'attachment; filename="consent-own-record.json"' })
}
