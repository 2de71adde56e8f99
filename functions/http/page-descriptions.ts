/** What the OpenAPI document says of pages for people. */
import * as z from 'zod'
import { front } from '../../shared/api/schemas/front.ts'

export const pageDescriptions = {
  getFront: { summary: 'Where things are: as a page, or as JSON', answers: { '200': front }, orAs: ['text/html'] },
  getReference: { summary: 'This document as a page', answers: { '200': z.string() }, mediaType: 'text/html' },
  getReferenceFile: {
    summary: 'A file of that page: its script, its style sheet, or the licences of both',
    answers: { '200': z.string() },
    mediaType: 'text/javascript',
    orAs: ['text/css', 'text/plain'],
  },
}
