/** How the page Overview writes days, amounts and topics in the reader's language. */
import { localText } from '../../../shared/consent/language.ts'
import type { CsvCell } from '../../../shared/csv.ts'
import { type Topic, topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import type { Amount, Share, TopicKey } from './counted.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const longDay = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
const shortDay = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const

export interface Texts {
  /** A day in UTC. In the reader's zone it could become the one before or after. */
  day(day: string): string
  shortDay(day: string): string
  amount(amount: Amount): string
  share(share: Share | undefined): string
}

export function useTexts(): Texts {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return {
    day: (day) => formats.parts(Date.parse(day), longDay),
    shortDay: (day) => formats.parts(Date.parse(day), shortDay),
    amount({ people, hidden }) {
      if (hidden === 'all') return words('hidden')
      return hidden === 'some' ? words('over', { people }) : formats.number(people)
    },
    share(share) {
      if (share === undefined) return words('noShare')
      return words(share.isOfShown ? 'shareOfShown' : 'share', { part: share.part })
    },
  }
}

/** In a file of numbers a hidden number is an empty cell, which no program adds up as 0. */
export const csvAmount = ({ people, hidden }: Amount): CsvCell => (hidden === 'all' ? undefined : people)

export interface NamedTopics {
  /** Whether the names are there, or cannot be had: topics then go by their ids. */
  readonly areSettled: boolean
  readonly all: readonly Topic[]
  find(key: TopicKey): Topic | undefined
  titleOf(key: TopicKey): string
  /** The policy that declares the purpose; `undefined` of a policy itself. */
  policyTitleOf(key: TopicKey): string | undefined
}

export function useNamedTopics(): NamedTopics {
  const language = useLanguage()
  const [work] = useTopics()
  const all = work.state === 'done' ? topicsOf(work.value) : []
  const find = (key: TopicKey) => all.find((topic) => topic.key === key)
  const titleOf = (key: TopicKey) => {
    const title = find(key)?.title
    return title === undefined ? key.slice(key.indexOf('/') + 1) : localText(title, language)
  }
  return {
    areSettled: work.state === 'done' || work.state === 'failed',
    all,
    find,
    titleOf,
    policyTitleOf(key) {
      const topic = key.startsWith('purpose/') ? find(key) : undefined
      return topic && titleOf(`policy/${topic.history.policyId}`)
    },
  }
}
