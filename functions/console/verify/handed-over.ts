/** A file that another page of the console made and hands to the page Verify. It is in the tab's memory only, and is taken once. */
let waiting: File | undefined

export function handOver(file: File): void {
  waiting = file
}

export function takeHandedOver(): File | undefined {
  const file = waiting
  waiting = undefined
  return file
}
