/** Describes in words which fields of its purposes a new version changed. */
import { type Html, html } from '../../../functions/public/html.ts'
import type { Difference } from '../../../shared/server/server.ts'
import type { Words } from './language.ts'

/** By the name of the field, in Swedish and in English. */
const fields: Readonly<Record<string, readonly [string, string]>> = {
  dataCategories: ['vilka uppgifter', 'which data'],
  recipients: ['vilka som får dem', 'who receives it'],
  storageLocations: ['var de finns', 'where it is kept'],
  retention: ['hur länge de sparas', 'how long it is kept'],
  until: ['hur länge de sparas', 'how long it is kept'],
  evidenceRetention: ['hur länge beviset för ditt svar sparas', 'how long the proof of your answer is kept'],
  atEnd: ['vad som händer därefter', 'what happens afterwards'],
  technologies: ['vilka cookies', 'which cookies'],
  validity: ['hur länge ett ja gäller', 'how long a yes is valid'],
  automatedDecision: ['automatiska beslut', 'automated decisions'],
  profiling: ['profilering', 'profiling'],
  logicInvolved: ['hur bedömningar görs', 'how assessments are made'],
  sourceTerms: ['källors egna villkor', 'the terms of sources'],
  securityMeasures: ['hur de skyddas', 'how it is protected'],
  retentionExceptions: ['när de sparas längre', 'when it is kept longer'],
  subjectCategories: ['vilka det gäller', 'whom it concerns'],
  interest: ['vårt intresse', 'our interest'],
  refusal: ['vad ett nej innebär', 'what a no means'],
}

/** @param titles of the purposes of both versions, by purposeId */
export function purposeChanges(
  titles: Readonly<Record<string, string>>,
  difference: Difference,
  { say }: Words,
): Html | undefined {
  if (difference.purposes.length === 0) return undefined
  const kinds = { added: say('nytt', 'new'), removed: say('borttaget', 'removed'), changed: say('ändrat', 'changed') }
  const rows = difference.purposes.map((changed) => {
    const named = changed.fields.map((field) => say(...(fields[field] ?? [field, field])))
    const level = difference.changes.find(({ purposeId }) => purposeId === changed.purposeId)?.level
    return html`<li><strong>${titles[changed.purposeId] ?? changed.purposeId}</strong>: ${kinds[changed.kind]}${
      named.length > 0 && `, ${named.join(', ')}`
    }${level === 'major' && say(' (väsentligt)', ' (major)')}</li>`
  })
  return html`<h3>${say('Ändamål', 'Purposes')}</h3><ul>${rows}</ul><h3>${say('Text', 'Text')}</h3>`
}
