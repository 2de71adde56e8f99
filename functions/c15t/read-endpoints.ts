/** Endpoints of the reads of one's own. Their code is loaded when first used, because few controllers have c15t clients. */
import type { Endpoint } from '../http/call.ts'

const reads = async () => (await import('./reads.ts')).c15tReads

export const c15tReadEndpoints = {
  c15tInit: async (call) => (await reads()).c15tInit(call),
  c15tStatus: async (call) => (await reads()).c15tStatus(call),
  c15tSubject: async (call) => (await reads()).c15tSubject(call),
} satisfies Record<string, Endpoint>
