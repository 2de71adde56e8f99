/** Lists the manifests of what retention destroyed (`disposition-entries.ts`), newest first, each with its proof once the log has it. */
import type { DispositionManifest } from '../../consent/disposals.ts'
import { proofExtra } from '../../consent/receipt-digest.ts'
import { formatTlogProof, parseTlogProof } from '../../tlog/tlog-proof.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { numberSk } from '../log/log-items.ts'
import { tlogProofs } from '../log/log-view.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { dispositionPk, isPlan, numberIn, openManifest } from './disposition-entries.ts'

export interface DispositionPage {
  readonly manifests: readonly {
    readonly manifest: DispositionManifest
    /** A file that `consent-ledger verify` accepts (https://c2sp.org/tlog-proof), with leaf and disclosure as its extra data. */
    readonly tlogProof?: string
  }[]
  /** Numbers of manifests that cannot be read. Absent when there are none. */
  readonly unreadable?: readonly number[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: number
}

/** @param limit how many manifests; a page may have fewer and not be the last */
export async function listDispositions(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { limit, after }: { readonly limit: number; readonly after?: number | undefined },
): Promise<DispositionPage> {
  const scope = vaultScope(snapshot)
  const page = await ledger.entries.query(dispositionPk(scope.controller), {
    // Each has a plan, too.
    ...{ descending: true, limit: 2 * limit },
    ...(after !== undefined && { after: numberSk(after) }),
  })
  const opened = page.items.filter((item) => !isPlan(item)).map((item) => openManifest(scope, item) ?? numberIn(item))
  const manifests = opened.filter((each) => typeof each === 'object')
  const unreadable = opened.filter((each) => typeof each === 'number')
  const proofs = manifests.length === 0 ? [] : await tlogProofs(ledger, scope.controller, manifests)
  const last = page.items.at(-1)
  return {
    manifests: manifests.map(({ manifest, leaf, disclosures }, i) => {
      const proof = proofs[i]
      if (proof === undefined) return { manifest }
      const extra = Buffer.from(proofExtra({ leaf, disclosures }))
      return { manifest, tlogProof: formatTlogProof({ ...parseTlogProof(proof), extra }) }
    }),
    ...(unreadable.length > 0 && { unreadable }),
    // The plan comes first: its manifest is then on the next page.
    ...(page.next !== undefined && last && { next: numberIn(last) + (isPlan(last) ? 1 : 0) }),
  }
}
