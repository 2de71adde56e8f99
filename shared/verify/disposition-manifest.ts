/**
 * Opens the manifest of what retention destroyed (`consent/disposals.ts`) from its leaf and the one disclosure to which the leaf commits. A
 * manifest is the ledger's statement: that it is in the log shows when it was made and that it was not changed since. Nothing offline shows
 * that the keys are gone.
 */
import { type DispositionManifest, dispositionManifest } from '../consent/disposals.ts'
import { conforms } from '../consent/schema.ts'
import { openValues } from './disclosures.ts'
import { type Said, say } from './say.ts'
import { fail } from './verification.ts'

const leafForm = /^\{"_sd":\["([\w-]{43})"\],"_sd_alg":"sha-256","kind":"disposition","v":1\}$/

export const isManifestLeaf = (leaf: string): boolean => leafForm.test(leaf)

/** @param leaf as `isManifestLeaf` accepts it */
export function openManifest(leaf: string, disclosures: readonly string[]): DispositionManifest {
  const digests = new Set(leafForm.exec(leaf)?.slice(1))
  const manifest = openValues(disclosures, digests, new Set(), say('the-manifest')).get('field:manifest')
  return conforms(dispositionManifest, manifest) ? manifest : fail('disclosures', 'manifest-unknown-form')
}

/** Says how much went. A row is for one rule, so a subject may be counted in several. */
export function describeManifest({ outcome, disposals }: DispositionManifest): Said {
  const subjects = disposals.reduce((sum, row) => sum + (row.keys === 'subject' ? row.subjects : 0), 0)
  const keys = disposals.reduce((sum, row) => sum + (row.keys === 'subject' ? 0 : row.subjects), 0)
  return say(outcome === 'interrupted' ? 'went-at-most' : 'went', { keys, subjects })
}
