/**
 * A person's choices as this device knows them: their decisions here, until the ledger has answered what these amount to. They show at
 * once and without a network whether something may run. They are no evidence, and the ledger's answer replaces them. The device's clock
 * never decides which of two choices is later, because it may be wrong and may be set in between.
 *
 * Of each purpose or policy (`policy/<id>`): `true` when a yes stands, `false` for a no, nothing when there is to be asked.
 */
import type { OwnConsents, Receipt, TopicAnswer } from './ledger-answers.ts'
import type { PrefixedStorage } from './storage.ts'

interface Choice {
  /** Absent when the person is to be asked. */
  readonly isYes?: boolean | undefined
  /** The event that made the choice; absent when it came from `GET /v1/me/consents`. */
  readonly eventId?: string
  /** The ledger refused that event. A yes then permits nothing; it is kept, because the event is sent again later. */
  readonly isRefused?: boolean
  /** By this device's clock: RFC 3339, or milliseconds since 1970. */
  readonly until?: string | number
}

export interface Choices {
  of(target: string, account: string): boolean | undefined
  /** `initially`: the controls' state before; a yes that was on already is none until the ledger says otherwise. */
  decide(eventId: string, account: string, decisions: readonly Decided[], initially?: InitialState): void
  /** Takes the ledger's receipt of an event. Without a receipt the ledger refused the event. */
  receive(event: Deciding, account: string, receipt?: Receipt): void
  /**
   * Call it before `GET /v1/me/consents`; the function that it returns takes the answer. The answer replaces all choices except those whose
   * event waits and those that changed in between, because the ledger may have answered before it knew of them.
   */
  asking(account: string): (answer: OwnConsents) => void
}

type InitialState = Readonly<Record<string, string>>
interface Deciding {
  readonly eventId: string
  readonly decisions: readonly Decided[]
}
export type Decided = { readonly purposeId?: string; readonly policyId?: string; readonly verb: string }

/** Names of items begin so: choices, of which other tabs hear, and events that wait. */
export const choiceName = 'choice:'
export const eventName = 'event:'

const yesVerbs = ['given', 'accepted', 'acknowledged']
/** The ledger's statuses have the same names, capitalised. */
export const noVerbs = ['refused', 'withdrawn', 'objected', 'declined', 'revoked', 'invalidated']

export function openChoices(drawer: PrefixedStorage, now: () => number): Choices {
  const name = (target: string, account: string) => `${choiceName}${account}:${target}`
  const read = (target: string, account: string) => drawer.read<Choice>(name(target, account)) ?? {}
  const write = (target: string, account: string, choice: Choice) => drawer.write(name(target, account), choice)

  return {
    of(target, account) {
      const { isYes, isRefused, until = NaN } = read(target, account)
      return (isYes && isRefused) || +new Date(until) <= now() ? undefined : isYes
    },
    decide(eventId, account, decisions, initially) {
      for (const decision of decisions) {
        const { verb } = decision
        const target = targetOf(decision)
        const isYes = yesVerbs.includes(verb)
        if (isYes ? initially?.[target] !== 'on' : noVerbs.includes(verb)) write(target, account, { isYes, eventId })
        else if (verb === 'objection-withdrawn') write(target, account, {})
      }
    },
    receive({ eventId, decisions }, account, receipt) {
      for (const decision of receipt?.decisions ?? decisions) {
        const { effect, reason } = decision as Partial<Receipt['decisions'][number]>
        const target = targetOf(decision)
        const choice = read(target, account)
        if (choice.eventId !== eventId) continue
        const stands = effect === 'no' ? false : (effect === 'yes' && !reason) || undefined
        const isYes = choice.isYes && (receipt ? stands : true)
        write(target, account, { isYes, eventId, isRefused: !receipt })
      }
    },
    asking(account) {
      const stored = (target: string) => JSON.stringify(drawer.read(name(target, account)))
      const before = new Map(drawer.names(name('', account)).map((target) => [target, stored(target)]))
      return ({ at, consents }) => {
        for (const answer of consents) {
          const target = targetOf(answer)
          const isWaiting = drawer.read(eventName + read(target, account).eventId)
          if (stored(target) === before.get(target) && !isWaiting)
            write(target, account, { isYes: amountsTo(answer), until: endOf(answer, at, now()) })
        }
      }
    },
  }
}

/**
 * When a yes ends by this device's clock: at `endsAt`, or sooner when the clock is slow, after the time that was left when the ledger
 * answered. `at` is the ledger's clock at the answer.
 */
function endOf({ endsAt }: TopicAnswer, at: string, now: number): Choice['until'] {
  const end = Date.parse(endsAt ?? '')
  const endHere = now + end - Date.parse(at)
  return endHere < end ? endHere : endsAt
}

/** A status that this client has never heard of permits nothing, and is asked about. */
function amountsTo({ status, permittedByConsent, current }: TopicAnswer): boolean | undefined {
  if (permittedByConsent || current) return true
  return noVerbs.includes(status.toLowerCase()) ? false : undefined
}

function targetOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}
