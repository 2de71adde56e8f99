/** The verifier's findings in Swedish. Kept apart from the verifier, whose own sentences are English. */
import { swedishFailures } from './failures-sv.ts'
import { swedishFindings } from './findings-sv.ts'
import { swedishPhrases } from './phrases-sv.ts'
import { type Said, sentenceIn } from './say.ts'
import type { StepId } from './step-ids.ts'

const swedish = { ...swedishFindings, ...swedishFailures, ...swedishPhrases }

export const swedishFinding = (said: Said): string => sentenceIn(swedish, said)

/** At most 13 characters. */
export const swedishStepName = (step: StepId): string => swedish[`step-${step}`]
