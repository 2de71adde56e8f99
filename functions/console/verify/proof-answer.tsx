/** The question and the answer of a consent proof. On a page that verifies it, they count only once every check has passed. */
import { localText } from '../../../shared/consent/language.ts'
import { swedishSentence } from '../../../shared/consent/sentence-sv.ts'
import { FindingView } from '../answer/finding-view.tsx'
import { named } from '../answer/named.ts'
import { useSentence } from '../answer/sentence.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import type { ProofContent } from '../proof/proof-content.ts'
import { english as questionEnglish } from '../question/words-en.ts'
import { swedish as questionSwedish } from '../question/words-sv.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { identifierTypes } from '../subject/identifier-type-field.tsx'
import { ProofTexts } from './proof-texts.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ProofAnswerProps {
  readonly content: ProofContent
  /** Whose published texts are linked; absent for a file, which may be of another ledger. */
  readonly controller?: string
}

export function ProofAnswer({ content, controller }: ProofAnswerProps) {
  const words = useWords(english, swedish)
  const ofAnswer = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const language = useLanguage()
  const ofQuestion = useWords(questionEnglish, questionSwedish)
  const sentence = useSentence()
  const { answer, joint, target, at, knownAt, subject, topic, texts } = content
  // A controller's own types have no words here.
  const type = identifierTypes.find((each) => each === subject.type)
  return (
    <>
      <FindingView
        answer={answer}
        topic={topic}
        at={at}
        events={content.events}
        ownSentence={{
          text: language === 'sv' ? swedishSentence(answer, target, at) : answer.sentence,
          lang: language,
        }}
        {...(controller !== undefined && { controller })}
      >
        {joint && (
          <Notice title={words('joint')}>
            <p>
              <strong>{named(ofAnswer, 'status', joint.status)}.</strong>{' '}
              {sentence(joint, { topic, at, events: content.events, changes: [] })}{' '}
              {joint.contradiction && ofAnswer('contradiction')}
            </p>
          </Notice>
        )}
      </FindingView>
      <h3>{words('asked')}</h3>
      <Facts
        rows={[
          [words('person'), `${type ? ofQuestion(`type-${type}`) : subject.type}: ${subject.id}`],
          [words('about'), localText(topic.title, language)],
          [words('at'), formats.instant(at)],
          [words('knownAt'), formats.instant(knownAt)],
          [words('controller'), content.controller],
        ]}
      />
      <ProofTexts texts={texts} />
    </>
  )
}
