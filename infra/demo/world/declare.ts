/** Short forms in which the world's purposes declare their data; the categories and sources are plain English words. */

import type { DataCategory } from '../../../shared/consent/purpose.ts'

export function personal(category: string, ...sources: readonly string[]): DataCategory {
  return { category, form: 'personal', sources }
}

/** A special category of GDPR art. 9. */
export function special(category: string, ...sources: readonly string[]): DataCategory {
  return { category, form: 'personal', special: true, sources }
}

export function deIdentified(category: string, ...sources: readonly string[]): DataCategory {
  return { category, form: 'de-identified', sources }
}

export function aggregated(category: string, ...sources: readonly string[]): DataCategory {
  return { category, form: 'aggregated', sources }
}
