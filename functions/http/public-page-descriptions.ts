/** The public pages in the OpenAPI document. They are for people; the same is at `/v1/controllers/{controller}/policies` for programs. */
import * as z from 'zod'
import { publicDiffQuery, publicPageQuery } from '../../shared/api/schemas/queries.ts'

const page = {
  query: publicPageQuery.pick({ lang: true }),
  // 304: the page has the tag that the caller sent in If-None-Match.
  answers: { '200': z.string(), '304': z.string() },
  mediaType: 'text/html',
}
const versionPage = { ...page, query: publicPageQuery, orAs: ['application/ld+json'] }

export const publicPageDescriptions = {
  showPolicies: { ...page, summary: 'A page: the policies of a controller, and who that is' },
  showPolicy: { ...versionPage, summary: 'A page: the version in force, what it declares, and all versions' },
  showVersion: { ...versionPage, summary: 'A page: one version' },
  showDifference: { ...page, query: publicDiffQuery, summary: 'A page: what changed between two versions' },
  getFeed: {
    ...page,
    mediaType: 'application/atom+xml',
    summary: 'The versions of a policy as an Atom feed (RFC 4287)',
  },
}
