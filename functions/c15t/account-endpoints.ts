/** Endpoints of the reads by account. Their code is loaded when first used, because few controllers have c15t clients. */
import type { Endpoint } from '../http/call.ts'

const accountReads = async () => (await import('./account-reads.ts')).c15tAccountReads

export const c15tAccountEndpoints = {
  c15tCheck: async (call) => (await accountReads()).c15tCheck(call),
  c15tSubjects: async (call) => (await accountReads()).c15tSubjects(call),
} satisfies Record<string, Endpoint>
