/**
 * CloudFront Functions (JavaScript runtime 2.0), which run at the edge for each request within a millisecond. They are source texts,
 * because they run nowhere else; `test/infra/edge.test.ts` runs them.
 */

/** Sets `x-viewer-address` to the client's address, overwriting what the request contains. `functions/endpoints/events.ts` reads it. */
export const nameViewer = `function handler(event) {
  var request = event.request;
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return request;
}`

/** Rewrites a public path to the name of the object in its bucket. */
export const toObject = `function handler(event) {
  var request = event.request;
  var checkpoint = /^\\/log\\/([a-z0-9-]{1,40})\\/checkpoint$/.exec(request.uri);
  var text = /^\\/v1\\/texts\\/([0-9a-f]{64})$/.exec(request.uri);
  if (checkpoint) request.uri = '/served/' + checkpoint[1] + '/checkpoint';
  else if (text) request.uri = '/texts/' + text[1];
  request.querystring = {};
  return request;
}`

/** The page at the address of the console, under the name of its file: API Gateway routes no address that ends in a slash. */
export const toConsolePage = `function handler(event) {
  var request = event.request;
  if (request.uri === '/console/') request.uri = '/console/index.html';
  return request;
}`

/** Lets pages of any origin read public answers: the origin is echoed, never `*`, and `origin` is added to `vary`. */
export const echoOrigin = `function handler(event) {
  var origin = event.request.headers.origin;
  var response = event.response;
  var vary = response.headers.vary;
  if (!vary || !/(^|[ ,])origin([ ,]|$)/i.test(vary.value))
    response.headers.vary = { value: vary ? vary.value + ', origin' : 'origin' };
  if (origin) response.headers['access-control-allow-origin'] = { value: origin.value };
  return response;
}`
