/**
 * What runs at the edge, for each request and in less than a millisecond: CloudFront Functions (JavaScript runtime 2.0). They are
 * texts here, since they run nowhere else; `test/infra/edge.test.ts` runs them.
 */

/** The address of whoever connected, over anything that the request said of itself. `functions/endpoints/events.ts` reads it. */
export const nameViewer = `function handler(event) {
  var request = event.request;
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return request;
}`

/** From the path that everybody knows to the object's name. */
export const toObject = `function handler(event) {
  var request = event.request;
  var checkpoint = /^\\/log\\/([a-z0-9-]{1,40})\\/checkpoint$/.exec(request.uri);
  var text = /^\\/v1\\/texts\\/([0-9a-f]{64})$/.exec(request.uri);
  if (checkpoint) request.uri = '/served/' + checkpoint[1] + '/checkpoint';
  else if (text) request.uri = '/texts/' + text[1];
  request.querystring = {};
  return request;
}`

/** What is public may be read by pages of any origin: the origin is echoed, never `*`. What else an answer varies by stays said. */
export const echoOrigin = `function handler(event) {
  var origin = event.request.headers.origin;
  var response = event.response;
  var vary = response.headers.vary;
  response.headers.vary = { value: vary ? vary.value + ', origin' : 'origin' };
  if (origin) response.headers['access-control-allow-origin'] = { value: origin.value };
  return response;
}`
