/** All requests of people to be erased, page by page: those without an answer first, and of these the one that is due first. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { ErasureRequestOfPerson } from '../../../shared/server/wire.ts'

export async function allRequests(
  ledger: Pick<ServerLedger, 'listErasureRequests'>,
): Promise<readonly ErasureRequestOfPerson[]> {
  const requests: ErasureRequestOfPerson[] = []
  let after: string | undefined
  do {
    const page = await ledger.listErasureRequests(after === undefined ? {} : { after })
    requests.push(...page.requests)
    after = page.next
  } while (after !== undefined)
  const isOpen = ({ state }: ErasureRequestOfPerson) => state === 'open'
  return requests.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || (a.answerBy < b.answerBy ? -1 : 1))
}
