/**
 * The receipts of the calling subject, and the file with all that the ledger has about them, which holds the receipts too. A receipt carries a signed
 * promise that its event will be logged, so the function that records events answers these routes: only it may sign.
 */
import { ownReceiptsQuery } from '../../shared/api/schemas/queries.ts'
import { LedgerError } from '../../shared/errors.ts'
import { siteOf, subjectOf } from '../http/access.ts'
import { type Endpoint, ok, parseQuery } from '../http/call.ts'

export const receiptEndpoints = {
  async getOwnReceipts(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { receiptId, limit, after, format } = parseQuery(call, ownReceiptsQuery)
    const { ledger } = call.instance
    const { ownReceipt, ownReceipts } = await import('../../shared/ledger/answers/own-receipts.ts')
    if (receiptId === undefined) {
      if (format === 'json') return ok(await ownReceipts(ledger, snapshot, identity, { limit, after }))
      const facts = { field: '/receiptId', allowed: 'the receiptId of one receipt' }
      throw new LedgerError('invalid-request', 'a .tlog-proof file holds the proof of one receipt', facts)
    }
    const receipt = await ownReceipt(ledger, snapshot, identity, receiptId)
    if (format === 'json') return ok({ receipts: [receipt] })
    if (receipt.tlogProof === undefined) {
      throw new LedgerError('not-found', 'no checkpoint covers the event yet; the JSON form has the signed promise')
    }
    return ok(receipt.tlogProof, {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${receiptId}.tlog-proof"`,
    })
  },

  async getOwnRecord(call) {
    return (await import('./own-record.ts')).ownRecordFile(call)
  },
} satisfies Record<string, Endpoint>
