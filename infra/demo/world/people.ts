/**
 * The people of the demo world, all invented. The device secrets are fixed so that tests and the demo repeat; a real client
 * makes its own from 128 random bits or more (22 characters of base64url) and shows it to nobody. Nobody here is a customer
 * of Tallmo unless `alsoAt` says so: there they are another subject, with another secret.
 */

import type { Actor } from '../../../shared/consent/event.ts'
import type { locales } from './draft.ts'

export interface Person {
  readonly name: string
  readonly role: 'debtor' | 'creditor' | 'third party' | 'visitor'
  readonly locale: (typeof locales)[number]
  /** The channel that their events name; a tablet uses its app's. */
  readonly channel: 'web' | 'ios' | 'android'
  readonly device: 'computer' | 'phone' | 'tablet'
  /** The site of Ljungsten that they use. */
  readonly site: 'web' | 'ios-app' | 'android-app'
  readonly deviceSecret: string
  /** For server-to-server identifiers and double opt-in. */
  readonly email?: string
  /** What the controller's identity provider calls them: the `sub` of their JWT. */
  readonly account?: string
  /** On whose behalf they act, and how; absent when they act for themselves. */
  readonly actsFor?: { readonly person: string; readonly actor: Actor }
  readonly alsoAt?: { readonly controller: 'tallmo'; readonly deviceSecret: string }
}

export const people = {
  astrid: {
    name: 'Astrid Almlöv',
    role: 'debtor',
    locale: 'sv-SE',
    channel: 'web',
    device: 'computer',
    site: 'web',
    deviceSecret: '_1Yedwe2rrO4cM3PM7reXHqKVMehojQtMu6drPxhFwc',
    email: 'astrid.almlov@brevbox.example',
    account: 'acct-1001',
    alsoAt: { controller: 'tallmo', deviceSecret: 'D3x3IceHsklRQxqvN2Fg6A' },
  },
  bertil: {
    name: 'Bertil Granqvist',
    role: 'debtor',
    locale: 'sv-SE',
    channel: 'ios',
    device: 'phone',
    site: 'ios-app',
    deviceSecret: '4zrm9aNCIyRpXKS_US4cgQ',
    email: 'bertil.granqvist@brevbox.example',
    account: 'acct-1002',
  },
  chiamaka: {
    name: 'Chiamaka Okoye',
    role: 'debtor',
    locale: 'en',
    channel: 'android',
    device: 'phone',
    site: 'android-app',
    deviceSecret: 'uKJmVxDRYA28j1GVxu0Wew',
    email: 'chiamaka.okoye@mailkiosk.example',
    account: 'acct-1003',
  },
  /** Has no account, and answers demands on paper; her guardian is Georg. */
  dagny: {
    name: 'Dagny Forsell',
    role: 'debtor',
    locale: 'sv-SE',
    channel: 'android',
    device: 'tablet',
    site: 'android-app',
    deviceSecret: 'SvhCf7EyTUu4HqWd08gXONi-DqEE0d6Pti78MuYylxw',
  },
  elin: {
    name: 'Elin Bergstrand',
    role: 'creditor',
    locale: 'sv-SE',
    channel: 'web',
    device: 'computer',
    site: 'web',
    deviceSecret: 'IqOthWE8stMZN2BmvOgE0Q',
    email: 'elin@bergstrandsbyggvaror.example',
    account: 'acct-2001',
  },
  farid: {
    name: 'Farid Rahimi',
    role: 'creditor',
    locale: 'sv-SE',
    channel: 'ios',
    device: 'tablet',
    site: 'ios-app',
    deviceSecret: 'D82Wg9HqcBhcw6qKgC2Upw',
    email: 'farid@rahimitandvard.example',
    account: 'acct-2002',
  },
  harriet: {
    name: 'Harriet Whitlow',
    role: 'creditor',
    locale: 'en',
    channel: 'web',
    device: 'computer',
    site: 'web',
    deviceSecret: 'avOKCkMe9vD3rwjw2p9Vk_-189a5QPsvBfQyxXmd3k4',
    email: 'harriet@whitlowtranslations.example',
    account: 'acct-2003',
  },
  georg: {
    name: 'Georg Lindahl',
    role: 'third party',
    locale: 'sv-SE',
    channel: 'web',
    device: 'computer',
    site: 'web',
    deviceSecret: 'Hpb8z_4-dc9qrZ3wBd0o3Q',
    email: 'georg.lindahl@brevbox.example',
    account: 'acct-3001',
    actsFor: { person: 'dagny', actor: { role: 'guardian', ground: 'appointed guardian, register extract shown' } },
  },
  /** Signed Bertil's loan as guarantor; acts for herself. */
  inga: {
    name: 'Inga Svanfeldt',
    role: 'third party',
    locale: 'sv-SE',
    channel: 'android',
    device: 'phone',
    site: 'android-app',
    deviceSecret: 'Vt68Rf7Mza7Sf2l0WyzEFg',
    email: 'inga.svanfeldt@brevbox.example',
    account: 'acct-3002',
  },
  jonas: {
    name: 'Jonas Ekmark',
    role: 'third party',
    locale: 'sv-SE',
    channel: 'web',
    device: 'tablet',
    site: 'web',
    deviceSecret: 'iopXycaZX-G9VO9u0BY125twYlAn0S1ggszjRapnQEk',
    email: 'jonas@ekmarkjuridik.example',
    account: 'acct-3003',
    actsFor: { person: 'elin', actor: { role: 'delegate', ground: 'written power of attorney' } },
  },
  /** Came for the guide of the campaign and filled in its form. */
  karin: {
    name: 'Karin Molander',
    role: 'visitor',
    locale: 'sv-SE',
    channel: 'web',
    device: 'phone',
    site: 'web',
    deviceSecret: '-eWT7W573QUX8xu_XDwHLw',
    email: 'karin.molander@brevbox.example',
    alsoAt: { controller: 'tallmo', deviceSecret: '9iH_RgQ6CbA5ylppOBDVFqhyrENDpgpPlHbHtEFQXks' },
  },
  /** Never says who he is; his browser sends Global Privacy Control. */
  lukas: {
    name: 'Lukas Winther',
    role: 'visitor',
    locale: 'en',
    channel: 'web',
    device: 'computer',
    site: 'web',
    deviceSecret: 'jHMe4T-MiZ15QO6OTt-TGQ',
  },
} as const satisfies Readonly<Record<string, Person>>
