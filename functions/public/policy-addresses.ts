/** Addresses of the public pages of policies. */
import type { PublicReader } from './public-reader.ts'

export function policiesPath(controller: string): string {
  return `/policies/${controller}`
}

export function policyPath(controller: string, policyId: string): string {
  return `${policiesPath(controller)}/${policyId}`
}

export function versionPath(controller: string, policyId: string, version: string): string {
  return `${policyPath(controller, policyId)}/versions/${version}`
}

/** A link that keeps the reader's language. */
export function inLanguage(
  { words }: PublicReader,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  return `${path}?${new URLSearchParams({ ...query, lang: words.language })}`
}
