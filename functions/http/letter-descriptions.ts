/** What the OpenAPI document says of the routes that the function `letters` answers: links in letters. */
import * as z from 'zod'
import { confirmationRequest } from '../../shared/api/schemas/confirmation-request.ts'
import { confirmation, oneClick, unsubscribeLink, unsubscribeLinkRequest } from '../../shared/api/schemas/letters.ts'
import { requestedConfirmation } from '../../shared/api/schemas/requested-confirmation.ts'

/** 404 is for a token that opens nothing: whoever follows a link gets a page in each case. */
const page = { answers: { '200': z.string(), '404': z.string() }, mediaType: 'text/html' }
const bodyAs = ['application/x-www-form-urlencoded', 'multipart/form-data']

export const letterDescriptions = {
  mintUnsubscribeLink: {
    summary: 'A link with which a person unsubscribes, for a letter; needs a token with scope consent.write',
    body: unsubscribeLinkRequest,
    answers: { '200': unsubscribeLink },
  },
  showUnsubscribe: { summary: 'The page of a link to unsubscribe; it changes nothing', ...page },
  unsubscribe: {
    summary: 'Unsubscribe in one click (RFC 8058): the same answer whatever was recorded before',
    body: oneClick,
    bodyAs,
    ...page,
  },
  requestConfirmation: {
    summary: 'Record a yes that needs a second step, and have a letter with a link sent to the person (double opt-in)',
    body: confirmationRequest,
    answers: { '201': requestedConfirmation, '200': requestedConfirmation },
  },
  showConfirmation: { summary: 'The page of a link to confirm; it changes nothing', ...page },
  confirm: { summary: 'Confirm by the link in a letter, once', body: confirmation, bodyAs, ...page },
}
