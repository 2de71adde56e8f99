/** Keeps the draft of a presentation in the tab until it is published, because the session may end or the page be left before. */
import type { PresentationDraft } from '../../../shared/consent/publication.ts'
import { parsedJson } from '../files/parsed-json.ts'
import { isObject } from '../schema-form/form-state.ts'
import { storeIn, tabStorage } from '../shell/storage.ts'

const keyOf = (controller: string, policyId: string) => `consent-console:presentation:${controller}:${policyId}`

/** @returns whether the storage took it */
export function keepPresentation(controller: string, draft: PresentationDraft): boolean {
  return storeIn(tabStorage(), keyOf(controller, draft.policyId), JSON.stringify(draft))
}

/** @returns undefined where nothing is kept, or an earlier form of the console kept what this one cannot edit */
export function keptPresentation(controller: string, policyId: string): PresentationDraft | undefined {
  const json = tabStorage().getItem(keyOf(controller, policyId))
  const given = json === null ? undefined : parsedJson(json)
  return isEditable(given) && given.policyId === policyId ? given : undefined
}

export function forgetPresentation(controller: string, policyId: string): void {
  tabStorage().removeItem(keyOf(controller, policyId))
}

/** A draft may hold anything that was typed; the fields need these parts to be there. */
function isEditable(given: unknown): given is PresentationDraft {
  if (!isObject(given)) return false
  const { presentationId, wording, controls, refusal } = given
  const isListOfObjects = Array.isArray(controls) && controls.every(isObject)
  return typeof presentationId === 'string' && isObject(wording) && isListOfObjects && isObject(refusal)
}
