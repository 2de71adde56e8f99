/** What Ljungsten does to protect the data of cases, and when it keeps data longer than a case needs it: section 9 of its privacy policy. */
import type { RetentionException, SecurityMeasure } from '../../../../shared/consent/purpose.ts'

export const securityMeasures: readonly SecurityMeasure[] = [
  { kind: 'technical', text: { 'sv-SE': 'kryptering och loggning', en: 'encryption and logging' } },
  {
    kind: 'organisational',
    text: { 'sv-SE': 'behörigheter, utbildning och tystnadsplikt', en: 'access rights, training and secrecy' },
  },
  { kind: 'physical', text: { 'sv-SE': 'låsta lokaler', en: 'locked premises' } },
]

export const retentionExceptions: readonly RetentionException[] = [
  { ground: 'law', text: { 'sv-SE': 'om en lag kräver det', en: 'if a law demands it' } },
  { ground: 'dispute', text: { 'sv-SE': 'så länge en tvist pågår', en: 'while a dispute goes on' } },
  { ground: 'authority', text: { 'sv-SE': 'så länge en myndighet utreder', en: 'while an authority investigates' } },
]
