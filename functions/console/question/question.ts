/**
 * The question that the pages Ask, Timeline and Proof share: about whom, about what, and when. It lives in the tab's memory only, so it is gone
 * with the tab: an identifier is never in an address, in storage, or in a log.
 */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Identifier, TopicQuestion } from '../../../shared/server/wire.ts'

export interface Question {
  readonly subject: Identifier
  /** `purpose/<purposeId>` or `policy/<policyId>`; empty before one was chosen. */
  readonly topic: string
  /** RFC 3339; absent: now. */
  readonly at?: string | undefined
  /** RFC 3339; absent: all that is known now. */
  readonly knownAt?: string | undefined
}

export const emptyQuestion: Question = { subject: { type: 'email', id: '' }, topic: '' }

export interface QuestionState {
  readonly question: Question
  readonly setQuestion: (question: Question) => void
}

export const QuestionContext = createContext<QuestionState>({ question: emptyQuestion, setQuestion: () => {} })

export const useQuestion = () => useContext(QuestionContext)

/** As the API takes it. */
export function topicQuestion({ subject, topic, at, knownAt }: Question): TopicQuestion {
  const [kind, id = ''] = topic.split('/')
  return {
    subject: { ...subject, id: subject.id.trim() },
    ...(kind === 'purpose' ? { purposeId: id } : { policyId: id }),
    ...(at !== undefined && { at }),
    ...(knownAt !== undefined && { knownAt }),
  }
}
