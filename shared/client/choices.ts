/**
 * What is known on this device of a person's choices: what they decided here, until the ledger has said what that amounts to. It
 * answers at once and without a network whether something may run. It is no evidence; the ledger's answer replaces it.
 *
 * Of each purpose or policy (`policy/<id>`): `true` when a yes stands, `false` for a no, nothing when there is to be asked.
 */
import type { OwnConsents, Receipt, TopicAnswer } from './answers.ts'
import type { Drawer } from './storage.ts'

interface Choice {
  readonly isYes: boolean
  /** The event that said so, until the ledger has answered for it. */
  readonly eventId?: string
  /** When it answered; milliseconds since 1970. */
  readonly at?: number
  /** RFC 3339. */
  readonly until?: string
}

export interface Choices {
  of(target: string, account: string): boolean | undefined
  /** `initially`: the controls' state before; a yes that was on already is none until the ledger says otherwise. */
  decide(eventId: string, account: string, decisions: readonly Decided[], initially?: InitialState): void
  /** What the ledger made of an event. */
  receive(receipt: Receipt, account: string): void
  /** What the ledger says of everything, asked at that instant: it knows nothing of what waits, or was answered since. */
  replace(answer: OwnConsents, account: string, askedAt: number): void
}

type InitialState = Readonly<Record<string, string>>
export type Decided = { readonly purposeId?: string; readonly policyId?: string; readonly verb: string }

/** Names of items begin so: choices, of which other tabs hear, and events that wait. */
export const choiceName = 'choice:'
export const eventName = 'event:'

const yesVerbs = ['given', 'accepted', 'acknowledged']
export const noVerbs = ['refused', 'withdrawn', 'objected', 'declined']
const noStatuses = ['Refused', 'Withdrawn', 'Revoked', 'Invalidated', 'Declined', 'Objected']

export function openChoices(drawer: Drawer, now: () => number): Choices {
  const name = (target: string, account: string) => `${choiceName}${account}:${target}`
  const read = (target: string, account: string) => drawer.read<Choice>(name(target, account))

  /** Without a yes or a no there is to be asked. */
  function write(target: string, account: string, isYes: boolean | undefined, known?: Partial<Choice>): void {
    if (isYes === undefined) drawer.delete(name(target, account))
    else drawer.write(name(target, account), { isYes, ...known })
  }

  return {
    of(target, account) {
      const choice = read(target, account)
      return choice && !(Date.parse(choice.until ?? '') <= now()) ? choice.isYes : undefined
    },
    decide(eventId, account, decisions, initially) {
      for (const decision of decisions) {
        const isYes = yesVerbs.includes(decision.verb)
        if (isYes && initially?.[targetOf(decision)] === 'on') continue
        if (isYes || noVerbs.includes(decision.verb)) write(targetOf(decision), account, isYes, { eventId })
        else if (decision.verb === 'objection-withdrawn') write(targetOf(decision), account, undefined)
      }
    },
    receive({ eventId, decisions }, account) {
      for (const decision of decisions) {
        const { effect, reason } = decision
        const choice = read(targetOf(decision), account)
        if (choice?.eventId !== eventId) continue
        const stands = (effect === 'yes' && !reason) || (effect === 'no' ? false : undefined)
        write(targetOf(decision), account, choice.isYes && stands, { at: now() })
      }
    },
    replace({ consents }, account, askedAt) {
      for (const answer of consents) {
        const target = targetOf(answer)
        const { eventId, at = 0 } = read(target, account) ?? {}
        if (at <= askedAt && !drawer.read(eventName + eventId))
          write(target, account, amountsTo(answer), { until: answer.endsAt })
      }
    },
  }
}

/** A status that this client has never heard of permits nothing, and is asked about. */
function amountsTo({ status, permittedByConsent, current }: TopicAnswer): boolean | undefined {
  if (permittedByConsent || current) return true
  return noStatuses.includes(status) ? false : undefined
}

function targetOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}
