/** An aim, and how a measured figure compares to it. */
export interface Target {
  readonly aim: string
  readonly wanted: string
  readonly measured: number
  readonly reached: boolean
}

const reaches = {
  '>=': (measured: number, wanted: number) => measured >= wanted,
  '<=': (measured: number, wanted: number) => measured <= wanted,
  '<': (measured: number, wanted: number) => measured < wanted,
}

export function target(aim: string, measured: number, comparison: keyof typeof reaches, wanted: number): Target {
  return { aim, wanted: `${comparison} ${wanted}`, measured, reached: reaches[comparison](measured, wanted) }
}
