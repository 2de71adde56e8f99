/** Sends a file to the address that an import has for it. `fetch` tells no progress of what it sends, so this is XMLHttpRequest. */

/** @param onSent gets the number of bytes that were sent so far */
export function uploadFile(url: string, file: File, onSent: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error(`${file.name}: HTTP ${request.status}`))
    request.onerror = () => reject(new Error(`${file.name}: no answer`))
    request.open('PUT', url)
    request.send(file)
  })
}
