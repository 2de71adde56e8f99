/** What the form of an endpoint holds, and the requests that it stands for. Numbers stay texts until they are sent, so that a field may be empty. */
import { endingTypes, type MessageType, messageTypes } from '../../../shared/consent/message-types.ts'
import type { EndpointChange, EndpointDraft } from '../../../shared/server/wire.ts'
import type { Endpoint } from './standing.ts'

export interface EndpointFields {
  readonly endpoint: string
  readonly url: string
  readonly types: readonly MessageType[]
  /** PurposeIds; none: all. */
  readonly purposes: readonly string[]
  readonly payload: 'thin' | 'fat'
  readonly from: 'now' | 'first'
  readonly completionHours: string
  /** Counts while its type is chosen. */
  readonly expiringDays: string
}

/** What a system needs to hear at least: each end of a permission, and each new one. */
export const emptyFields: EndpointFields = {
  ...{ endpoint: '', url: '', payload: 'thin', from: 'now', completionHours: '', expiringDays: '', purposes: [] },
  types: messageTypes.filter((type) => endingTypes.has(type) || type === 'consent.given'),
}

export function fieldsOf(stored: Endpoint): EndpointFields {
  const { endpoint, url, types, purposes, payload, completionHours, expiringDays } = stored
  return {
    ...{ endpoint, url, types, payload, from: 'now', purposes: purposes ?? [] },
    completionHours: String(completionHours ?? ''),
    expiringDays: String(expiringDays ?? ''),
  }
}

/** By what a message is about, in the order in which the form lists them. */
export const typeGroups = {
  groupConsents: messageTypes.filter((type) => type.startsWith('consent.')),
  groupPolicies: messageTypes.filter((type) => type.startsWith('policy.')),
  groupPeople: messageTypes.filter((type) => !/^(consent|policy)\./.test(type)),
} as const

export function draftOf(fields: EndpointFields): EndpointDraft {
  return { endpoint: fields.endpoint, ...settingsOf(fields), from: fields.from === 'now' ? 'now' : 0 }
}

/** All settings as they are to be, as the next change. `state`: whether it is used. */
export function changeOf(fields: EndpointFields, change: number, state: 'enabled' | 'disabled'): EndpointChange {
  return { change: change + 1, ...settingsOf(fields), state }
}

function settingsOf({ url, types, purposes, payload, completionHours, expiringDays }: EndpointFields) {
  const hasLead = types.includes('consent.expiring') && expiringDays !== ''
  return {
    ...{ url: url.trim(), types: [...types], payload },
    ...(purposes.length > 0 && { purposes: [...purposes] }),
    ...(completionHours !== '' && { completionHours: Number(completionHours) }),
    ...(hasLead && { expiringDays: Number(expiringDays) }),
  }
}
