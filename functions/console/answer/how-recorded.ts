/** How an event was made and how its person was known, in the reader's words. Values that this page does not know appear as recorded. */

import { type EventWho, eventWho } from '../../../shared/consent/event.ts'
import { conforms } from '../../../shared/consent/schema.ts'
import { named } from './named.ts'
import type { english } from './words-en.ts'

type Words = (name: keyof typeof english & string) => string

const members = ['channel', 'device', 'surface', 'act', 'control'] as const

/** Such as “on the web”, “on a computer”, “in the banner”, “by a button”, “own choices saved”. */
export function howRecorded({ how }: { readonly how: object }, words: Words): readonly string[] {
  return members.flatMap((member) => {
    const value: unknown = Reflect.get(how, member)
    return typeof value === 'string' ? [named(words, member, value)] : []
  })
}

/** Who made the event; `undefined` for an answer of a form that this page does not know. */
export function whoRecorded(who: unknown): EventWho | undefined {
  return conforms(eventWho, who) ? who : undefined
}
