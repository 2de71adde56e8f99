/** What the OpenAPI document says of the routes that the function `link` answers. */
import { linkRequest, linkResult, operatorLink, operatorUnlink, unlinkRequest } from '../../shared/api/schemas/links.ts'

const linked = { '201': linkResult, '200': linkResult }

export const linkDescriptions = {
  linkOwn: {
    summary: 'Link the device whose secret is in the body with the account of the token',
    body: linkRequest,
    answers: linked,
  },
  unlinkOwn: { summary: 'End a link of the caller', body: unlinkRequest, answers: linked },
  linkIdentifiers: {
    summary: 'Link two identifiers of one person, with a ground',
    body: operatorLink,
    answers: linked,
  },
  unlinkIdentifiers: { summary: 'End a link, with a ground', body: operatorUnlink, answers: linked },
}
