/**
 * The leaves of what a controller publishes: in clear, since it is no secret, as RFC 8785 canonical JSON. Each carries the dates
 * that decide what is in force, and digests (lower-case hex SHA-256 of the canonical JSON) of the rest, so that a verifier who
 * has the record makes the same bytes again.
 *
 *   version       {"changes","content","effectiveFrom","kind":"policy","notBefore","policyId","publishedAt","purposes","texts","v":1,"version"}
 *   retraction    {"content","kind":"policy","policyId","retractedAt","v":1,"version"}
 *   presentation  {"content","kind":"presentation","policyId","presentationId","publishedAt","v":1}
 *   controller    {"content","controller","createdAt","entryBundles","kind":"controller","v":1}: who may read the bundles is in the log
 */

import canonicalize from 'canonicalize'
import { sha256 } from '#sha256'
import type { Controller } from './controller.ts'
import type { PolicyVersion, Presentation, Retraction } from './policy.ts'

const encoder = new TextEncoder()

export function sha256Hex(text: string): string {
  let hex = ''
  for (const byte of sha256(encoder.encode(text))) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** Of JSON values; members that are undefined are absent. */
export function digestOf(content: unknown): string {
  return sha256Hex(String(canonicalize(content)))
}

function clearLeaf(kind: 'policy' | 'presentation' | 'controller', content: object): string {
  return String(canonicalize({ ...content, kind, v: 1 }))
}

const versionLeaves = new WeakMap<PolicyVersion, string>()

/** Made once: a version never changes. `content` is the whole record: kind and scope decide what counts, too. */
export function versionLeaf(version: PolicyVersion): string {
  const leaf = versionLeaves.get(version) ?? makeVersionLeaf(version)
  versionLeaves.set(version, leaf)
  return leaf
}

function makeVersionLeaf(v: PolicyVersion): string {
  return clearLeaf('policy', {
    policyId: v.policyId,
    version: v.version,
    effectiveFrom: v.effectiveFrom,
    publishedAt: v.publishedAt,
    notBefore: v.notBefore,
    texts: v.texts,
    purposes: digestOf(v.purposes),
    changes: digestOf({ level: v.level, comparedWith: v.comparedWith ?? null, changes: v.changes }),
    content: digestOf(v),
  })
}

export function retractionLeaf(policyId: string, { retractedAt, ...draft }: Retraction): string {
  return clearLeaf('policy', { policyId, version: draft.version, retractedAt, content: digestOf(draft) })
}

export function presentationLeaf({ publishedAt, ...draft }: Presentation): string {
  const { presentationId, policyId } = draft
  return clearLeaf('presentation', { presentationId, policyId, publishedAt, content: digestOf(draft) })
}

/** `content` is the whole record: whose tokens speak for the controller is in it. */
export function controllerLeaf(record: Controller): string {
  const { controller, createdAt, entryBundles } = record
  return clearLeaf('controller', { controller, createdAt, entryBundles, content: digestOf(record) })
}
