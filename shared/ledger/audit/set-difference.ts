/**
 * The difference of two sets in memory that does not grow with them: an invertible Bloom lookup table (Goodrich and Mitzenmacher,
 * https://arxiv.org/abs/1101.2245). Each element is added or taken away in three cells. What was added and taken away once leaves no trace, and
 * the rest can be read out again, as long as there are at most some three quarters as many elements left as cells.
 *
 *   cell   count (4 bytes) ‖ check (20) ‖ the elements, combined by XOR
 *
 * Empty cells are not stored, because most ledgers are small and the state is stored often.
 *
 * Cells and check are chosen by a keyed hash, so that nobody can prepare elements that hide each other.
 *
 * Many more can be left when nearly all of them are among candidates that the caller can list: in each cell the candidates of the cell whose
 * checks add up to its check are found by Gaussian elimination over GF(2). A wrong choice has a chance of 2^-64 at most.
 */
import { hash } from 'node:crypto'

export interface SetDifference {
  /** False for a text that is longer than an element or has a NUL, and must then be compared in another way. */
  fits(text: string): boolean
  add(text: string): void
  remove(text: string): void
  /** One with the same shape and key, and nothing in it. */
  empty(): SetDifference
  /** Adds and removes what was added to and removed from another one with the same shape and key. */
  combine(packed: Uint8Array): void
  /**
   * What was only added and only removed.
   *
   * @param candidates elements that may have been only added, each once. Those for which that can be determined are left out of the answer
   */
  read(candidates?: readonly string[]): Remaining
  /** For a position that is stored: the cells that are not empty, each after its number, or all when they are many. */
  pack(): Uint8Array
}

export interface Remaining {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** False when more is left than can be read out. */
  readonly isWhole: boolean
  /** Elements that are certainly left beside all candidates: more were added than removed, and than the candidates explain. */
  readonly beyondCandidates: number
}

export interface DifferenceShape {
  /** A multiple of 3. */
  readonly cellCount: number
  /** Longest element, in bytes of UTF-8. */
  readonly elementBytes: number
}

const checkAt = 4
const checkBytes = 20
const elementAt = checkAt + checkBytes
const places = 3
/** By number. A cell that is missing is empty, and an empty one may be there. */
type Cells = Map<number, Buffer>

/** A check has 64 bits more than that, so the chance of a wrong choice is 2^-64. */
const maxCandidatesOfCell = 96

/** @param packed an earlier object with the same shape and key */
export function setDifference(
  { cellCount, elementBytes }: DifferenceShape,
  key: Uint8Array,
  packed?: Uint8Array,
): SetDifference {
  const cellBytes = elementAt + elementBytes
  const numberedBytes = 4 + cellBytes
  const cells: Cells = packed === undefined ? new Map() : unpack(viewOf(packed))
  return {
    fits: (text) => Buffer.byteLength(text) <= elementBytes && !text.includes('\0'),
    add: (text) => change(cells, Buffer.from(text), 1),
    remove: (text) => change(cells, Buffer.from(text), -1),
    empty: () => setDifference({ cellCount, elementBytes }, key),
    combine(other) {
      for (const [cell, more] of unpack(viewOf(other))) {
        const bytes = cells.get(cell) ?? emptyCell()
        cells.set(cell, bytes)
        bytes.writeInt32BE(bytes.readInt32BE() + more.readInt32BE())
        combine(bytes, checkAt, more.subarray(checkAt))
      }
    },
    read(candidates = []) {
      const left: Cells = new Map([...cells].map(([cell, bytes]) => [cell, Buffer.from(bytes)]))
      const open = takeOut(left, candidates)
      const beyondCandidates = Math.max(0, totalOf(left) - open)
      const remaining = { added: [] as string[], removed: [] as string[] }
      const queue = inOrder(left).filter((cell) => isAlone(left, cell))
      for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
        const pure = elementIn(left, cell)
        if (pure === undefined) continue
        remaining[pure.count === 1 ? 'added' : 'removed'].push(pure.element.toString())
        queue.push(...change(left, pure.element, -pure.count))
      }
      return { ...remaining, isWhole: [...left.values()].every(isEmpty), beyondCandidates }
    },
    pack() {
      const numbered: Buffer[] = []
      for (const cell of inOrder(cells)) {
        const bytes = cells.get(cell)
        if (bytes && !isEmpty(bytes)) numbered.push(numberOf(cell), bytes)
      }
      const few = Buffer.concat(numbered)
      if (few.length < cellCount * cellBytes) return few
      const all = Buffer.alloc(cellCount * cellBytes)
      for (const [cell, bytes] of cells) bytes.copy(all, cell * cellBytes)
      return all
    },
  }

  function unpack(stored: Buffer): Cells {
    const isAll = stored.length === cellCount * cellBytes
    if (!isAll && stored.length % numberedBytes !== 0) throw new Error('the cells are of another shape')
    const all: Cells = new Map()
    for (let at = 0; at < stored.length; at += isAll ? cellBytes : numberedBytes) {
      const cell = isAll ? at / cellBytes : stored.readUInt32BE(at)
      if (cell >= cellCount) throw new Error('the cells are of another shape')
      const from = isAll ? at : at + 4
      all.set(cell, Buffer.from(stored.subarray(from, from + cellBytes)))
    }
    return all
  }

  function change(into: Cells, element: Buffer, count: number): number[] {
    const digest = digestOf(element)
    const changed = cellsOf(digest)
    for (const cell of changed) {
      const bytes = into.get(cell) ?? emptyCell()
      into.set(cell, bytes)
      bytes.writeInt32BE(bytes.readInt32BE() + count)
      combine(bytes, checkAt, checkOf(digest))
      combine(bytes, elementAt, element)
    }
    return changed
  }

  function emptyCell(): Buffer {
    return Buffer.allocUnsafe(cellBytes).fill(0)
  }

  function isAlone(from: Cells, cell: number): boolean {
    return Math.abs(from.get(cell)?.readInt32BE() ?? 0) === 1
  }

  /** The element of a cell that holds one only. */
  function elementIn(from: Cells, cell: number): { readonly count: number; readonly element: Buffer } | undefined {
    const bytes = from.get(cell)
    if (bytes === undefined || !isAlone(from, cell)) return undefined
    const padded = bytes.subarray(elementAt)
    const end = padded.indexOf(0)
    const element = Buffer.from(end === -1 ? padded : padded.subarray(0, end))
    const digest = digestOf(element)
    const isOne = bytes.subarray(checkAt, elementAt).equals(checkOf(digest))
    return isOne && cellsOf(digest).includes(cell) ? { count: bytes.readInt32BE(), element } : undefined
  }

  function digestOf(element: Buffer): Buffer {
    return hash('sha256', Buffer.concat([key, element]), 'buffer')
  }

  /** One in each third of the cells, so that they are distinct. */
  function cellsOf(digest: Buffer): number[] {
    const third = cellCount / places
    return Array.from({ length: places }, (_, i) => i * third + (digest.readUInt32BE(checkBytes + 4 * i) % third))
  }

  /** Elements that were added, without the number of those that were removed: each is in one cell of the first third. */
  function totalOf(from: Cells): number {
    let total = 0
    for (const [cell, bytes] of from) if (cell < cellCount / places) total += bytes.readInt32BE()
    return total
  }

  /** Takes out the candidates that are in it. @returns how many could not be determined */
  function takeOut(left: Cells, candidates: readonly string[]): number {
    let open = [...new Set(candidates)]
    // A cell that something else is in determines none of its candidates; they have two more.
    for (let place = 0, without = 0; open.length > 0 && without < places; place = (place + 1) % places) {
      const byCell = new Map<number, string[]>()
      for (const text of open) {
        const cell = cellsOf(digestOf(Buffer.from(text)))[place] ?? 0
        const others = byCell.get(cell)
        if (others) others.push(text)
        else byCell.set(cell, [text])
      }
      const before = open.length
      open = []
      for (const [cell, texts] of byCell) {
        const chosen = chosenIn(left, cell, texts)
        if (chosen === undefined) open = open.concat(texts)
        else for (const text of chosen) change(left, Buffer.from(text), -1)
      }
      without = open.length < before ? 0 : without + 1
    }
    return open.length
  }

  /** Those of the candidates that make up the cell; `undefined` when they do not, or are too many. */
  function chosenIn(from: Cells, cell: number, texts: readonly string[]): string[] | undefined {
    if (texts.length > maxCandidatesOfCell) return undefined
    const bytes = from.get(cell) ?? emptyCell()
    const checks = texts.map((text) => numberIn(checkOf(digestOf(Buffer.from(text)))))
    const choice = subsetWithXor(checks, numberIn(bytes.subarray(checkAt, elementAt)))
    const chosen = texts.filter((_, i) => choice !== undefined && (choice >> BigInt(i)) & 1n)
    if (choice === undefined || chosen.length !== bytes.readInt32BE()) return undefined
    const rest = Buffer.from(bytes.subarray(elementAt))
    for (const text of chosen) combine(rest, 0, Buffer.from(text))
    return isEmpty(rest) ? chosen : undefined
  }
}

const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)

const inOrder = (cells: Cells): number[] => [...cells.keys()].sort((a, b) => a - b)

const checkOf = (digest: Buffer): Buffer => digest.subarray(0, checkBytes)

const numberIn = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

/** The numbers whose XOR is the sum, as bits of their indexes; `undefined` when there are none or several choices. */
function subsetWithXor(numbers: readonly bigint[], sum: bigint): bigint | undefined {
  /** By the lowest bit of the number. */
  const basis = new Map<bigint, { readonly number: bigint; readonly choice: bigint }>()
  const reduced = (number: bigint, choice: bigint) => {
    const rest = { number, choice }
    for (let lowest = number & -number; lowest !== 0n; lowest = rest.number & -rest.number) {
      const found = basis.get(lowest)
      if (found === undefined) return rest
      rest.number ^= found.number
      rest.choice ^= found.choice
    }
    return rest
  }
  for (const [i, number] of numbers.entries()) {
    const rest = reduced(number, 1n << BigInt(i))
    if (rest.number === 0n) return undefined
    basis.set(rest.number & -rest.number, rest)
  }
  const rest = reduced(sum, 0n)
  return rest.number === 0n ? rest.choice : undefined
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function numberOf(cell: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(cell)
  return bytes
}

function combine(into: Buffer, at: number, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) into[at + i] = (into[at + i] ?? 0) ^ (bytes[i] ?? 0)
}
