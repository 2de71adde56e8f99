/** The paths of c15t's protocol: what its clients request from their backend (README.md). The site key stands in the path. */
import { kib, route } from '../../shared/api/routes.ts'

export const c15tRoutes = [
  route('c15tInit', 'GET', '/c15t/{siteKey}/init', 'read', 'site'),
  route('c15tStatus', 'GET', '/c15t/{siteKey}/status', 'read', 'site'),
  route('c15tSubject', 'GET', '/c15t/{siteKey}/subjects/{subjectId}', 'read', 'site'),
  route('c15tRecord', 'POST', '/c15t/{siteKey}/subjects', 'ingest', 'site', 64 * kib),
  route('c15tIdentify', 'PATCH', '/c15t/{siteKey}/subjects/{subjectId}', 'link', 'site', 16 * kib),
  route('c15tSubjects', 'GET', '/c15t/{siteKey}/subjects', 'audit', 'audit'),
  route('c15tCheck', 'GET', '/c15t/{siteKey}/consents/check', 'audit', 'audit'),
  route(
    'c15tRelease',
    'PUT',
    '/c15t/{siteKey}/legal-documents/{type}/current',
    'administer',
    'administration',
    16 * kib,
  ),
] as const
