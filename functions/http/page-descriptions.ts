/** What the OpenAPI document says of pages for people. */
import * as z from 'zod'
import { front } from '../../shared/api/schemas/front.ts'
import { preferencesPageQuery } from '../../shared/api/schemas/queries.ts'

export const pageDescriptions = {
  getFront: { summary: 'Where things are: as a page, or as JSON', answers: { '200': front }, orAs: ['text/html'] },
  getReference: { summary: 'This document as a page', answers: { '200': z.string() }, mediaType: 'text/html' },
  getReferenceFile: {
    summary: 'A file of that page: its script, its style sheet, or the licences of both',
    answers: { '200': z.string() },
    mediaType: 'text/javascript',
    orAs: ['text/css', 'text/plain'],
  },
  getConsole: {
    summary: 'Leads to /console/, where auditors and controllers work',
    answers: { '200': z.string(), '308': z.string() },
    mediaType: 'text/html',
  },
  getPreferencesPage: {
    summary: 'The hosted preference centre of a site; 404, and a page that says so, for a key that no site has',
    query: preferencesPageQuery,
    answers: { '200': z.string(), '404': z.string() },
    mediaType: 'text/html',
  },
  getIcon: {
    summary: 'The icon, for browsers that look for it here',
    answers: { '200': z.string() },
    mediaType: 'image/svg+xml',
  },
  getConsoleFile: {
    summary:
      'A file of the console or the preference centre, the banner, the browser SDK, the licences of the libraries in them, or config.json: where people sign in',
    answers: { '200': z.string() },
    mediaType: 'text/html',
    orAs: ['text/javascript', 'text/css', 'text/plain', 'image/svg+xml', 'application/json'],
  },
}
