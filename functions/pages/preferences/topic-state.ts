/** What is known of one purpose or policy while the preference centre is open. */
import type { TopicAnswer } from '../../../shared/client/client.ts'
import type { UnderWay } from './decisions-under-way.ts'

export interface TopicState {
  /** The ledger's answer; absent while the ledger is unreachable. */
  readonly answer?: Answer | undefined
  /** What this device has stored, including decisions that are still on their way. */
  readonly permitted: boolean | undefined
  readonly underWay?: UnderWay | undefined
  /** Why the ledger refused, in words. */
  readonly refusal?: string | undefined
}

interface Answer extends TopicAnswer {
  /** The event that made the status. */
  readonly decidedBy?: string
}

/** `target` is a purposeId, or `policy/<policyId>`. */
export type StateOf = (target: string) => TopicState
