/** Whether a caller takes gzip (RFC 9110, section 12.5.3). A weight of 0 means not acceptable. */
const gzip = /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?(,|$)/i

/** @param acceptEncoding the Accept-Encoding header */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return gzip.test(acceptEncoding ?? '')
}
