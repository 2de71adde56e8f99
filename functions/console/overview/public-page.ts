/** The public page of a version, which the ledger serves to anyone, in the reader's language. */
export interface PublishedVersion {
  readonly controller: string
  readonly policyId: string
  readonly version: string
  readonly language: string
}

export function publicPageOf({ controller, policyId, version, language }: PublishedVersion): string {
  const path = [controller, policyId, 'versions', version].map(encodeURIComponent).join('/')
  return `/policies/${path}?lang=${language}`
}
