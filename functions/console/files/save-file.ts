/** Gives the reader a file that the page made. It goes to the browser's downloads; no server sees it. */
export function saveFile(name: string, text: string, type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has its own copy by the next task.
  setTimeout(() => URL.revokeObjectURL(address))
}

/** For the name of a file: letters, digits, dot and hyphen. */
export function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-+|-+$/g, '')
}
