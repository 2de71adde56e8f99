/**
 * A person's choices as this device knows them: the decisions made here, until the ledger has answered what they amount to. They say at
 * once and without a network what is permitted. They are no evidence, and the ledger's answer replaces them. The device's clock does not
 * decide which of two choices is later, because it may be wrong or set in between.
 *
 * For each purpose or policy (`policy/<id>`) a choice is `true` (a yes stands), `false` (a no stands), or absent (ask the person). It is in two
 * items: what was decided here, and what the ledger answered, which counts only for the decision that it names. A browser may show a tab
 * an old value for a moment after another tab wrote. An answer in an item of its own can therefore never overwrite a decision that
 * another tab made meanwhile.
 */
import type { OwnConsents, Recorded, TopicAnswer } from './ledger-answers.ts'
import type { PrefixedStorage } from './storage.ts'

interface Choice {
  /** Absent: ask the person. */
  readonly isYes?: boolean | undefined
  /** The event that made the choice. An answer has none if no decision was made here. */
  readonly eventId?: string | undefined
  /** End of the choice by this device's clock: milliseconds since 1970, or RFC 3339 where an earlier version of this client stored it. */
  readonly until?: string | number | undefined
}

export interface Choices {
  of(target: string, account: string): boolean | undefined
  /** `initially`: state of the controls before. A yes by a control that was already on does not count until the ledger says that it does. */
  decide(eventId: string, account: string, decisions: readonly Decided[], initially?: InitialState): void
  /** Takes what the ledger recorded of an event. Without it the ledger refused the event. */
  receive(event: Deciding, account: string, recorded?: Recorded): void
  /**
   * Call it before `GET /v1/me/consents`; the function that it returns takes the answer. The answer replaces all choices except those whose
   * event was waiting and those made in between, because the ledger may have answered before it had these.
   */
  refresh(account: string): (answer: OwnConsents) => void
}

type InitialState = Readonly<Record<string, string>>
interface Deciding {
  readonly eventId: string
  readonly decisions: readonly Decided[]
}
export type Decided = { readonly purposeId?: string; readonly policyId?: string; readonly verb: string }

/** Prefixes of the names of stored items: choices with their answers (other tabs listen for these), and waiting events. */
export const choiceName = 'choice:'
export const eventName = 'event:'

const yesVerbs = ['given', 'accepted', 'acknowledged']
/** The ledger's statuses have the same names, capitalised. */
export const noVerbs = ['refused', 'withdrawn', 'objected', 'declined', 'revoked', 'invalidated']

export function openChoices(storage: PrefixedStorage, now: () => number): Choices {
  const name = (target: string, account: string) => `${choiceName}${account}:${target}`
  const read = (target: string, account: string) => storage.read<Choice>(name(target, account)) ?? {}
  const write = (target: string, account: string, choice: Choice) => storage.write(name(target, account), choice)

  return {
    of(target, account) {
      const choice = read(target, account)
      const answer = read(answerTo(target), account)
      const { isYes, until = '' } = answer.eventId === choice.eventId ? answer : choice
      return +new Date(until) <= now() ? undefined : isYes
    },
    decide(eventId, account, decisions, initially) {
      for (const decision of decisions) {
        const { verb } = decision
        const target = targetOf(decision)
        const isYes = yesVerbs.includes(verb)
        if (isYes ? initially?.[target] !== 'on' : noVerbs.includes(verb)) write(target, account, { isYes, eventId })
        else if (verb === 'objection-withdrawn') write(target, account, { eventId })
      }
    },
    receive({ eventId, decisions }, account, recorded) {
      for (const decision of recorded?.decisions ?? decisions) {
        const { effect, reason } = decision as Partial<Recorded['decisions'][number]>
        const target = targetOf(decision)
        const choice = read(target, account)
        if (choice.eventId !== eventId) continue
        const stands = effect === 'no' ? false : (effect === 'yes' && !reason) || undefined
        write(answerTo(target), account, { isYes: choice.isYes && stands, eventId })
      }
    },
    refresh(account) {
      const idOf = (target: string) => read(target, account).eventId
      const all = [undefined, ...storage.names(name('', account)).map(idOf)]
      const settled = all.filter((eventId) => !storage.read(eventName + eventId))
      return ({ at, consents }) => {
        for (const answer of consents) {
          const target = targetOf(answer)
          const eventId = idOf(target)
          if (settled.includes(eventId)) write(answerTo(target), account, { ...choiceIn(answer, at, now()), eventId })
        }
      }
    },
  }
}

/**
 * The choice that an answer stands for. For a status unknown to this client nothing is permitted, and the person is asked, unless it is too early:
 * then it is a no. It ends, by this device's clock, when a yes ends or the person may be asked again, or, if the clock is slow, when
 * the time from the answer until then is over. `at` is the ledger's clock at the answer.
 */
function choiceIn(
  { status, permittedByConsent, current, endsAt, notBefore }: TopicAnswer,
  at: string,
  now: number,
): Choice {
  const end = +new Date(notBefore ?? endsAt ?? '')
  const isNo = notBefore || noVerbs.includes(status.toLowerCase())
  return {
    isYes: permittedByConsent || current || (!isNo && undefined),
    until: end + Math.min(0, now - +new Date(at)) || undefined,
  }
}

/** Where the ledger's answer is stored. No target has a colon. */
const answerTo = (target: string) => `${target}:answer`

function targetOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}
