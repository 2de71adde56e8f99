/**
 * All endpoints of the protocols of `protocols.ts`, for a process that serves every route. On AWS each entry in `lambda/` takes only the
 * part that it serves, so that a function's bundle has no other function's code.
 */
import { c15tAccountEndpoints } from './c15t/account-endpoints.ts'
import { c15tLinking } from './c15t/identify.ts'
import { c15tLegalDocuments } from './c15t/legal-document.ts'
import { c15tReadEndpoints } from './c15t/read-endpoints.ts'
import { c15tRecording } from './c15t/recording.ts'

export const protocolEndpoints = {
  ...c15tRecording,
  ...c15tLinking,
  ...c15tReadEndpoints,
  ...c15tAccountEndpoints,
  ...c15tLegalDocuments,
}
