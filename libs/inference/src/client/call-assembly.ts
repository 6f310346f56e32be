import type { RawCall } from './raw-answer.js';

/** More calls than this in one answer are no answer. */
export const MOST_CALLS = 128;

interface Draft {
  id: string;
  name: string;
  args: string;
}

/**
 * Puts calls of tools together from the pieces that a stream brings.
 *
 * call-assembly.1 However a server cuts a stream, the same calls come out.
 * call-assembly.2 A piece belongs to the call of its `index`; without one, to the last call. A new call begins where a
 *                 piece has another id than its call, or names a tool again after its call named another one or has all
 *                 its arguments: some servers number all calls 0 or not at all, and leave out ids.
 * call-assembly.3 Ids that are missing or come twice are replaced.
 */
export class CallAssembly {
  readonly #drafts: Draft[] = [];
  readonly #at = new Map<number, Draft>();

  /**
   * Takes one `tool_calls` list of a delta; gives how many characters it brought, or null where it is none or too long.
   */
  take(list: unknown): number | null {
    if (!Array.isArray(list)) return null;
    let chars = 0;
    for (const item of list) {
      const piece = readPiece(item);
      if (piece === null) return null;
      const draft = this.#draftFor(piece);
      if (draft === null) return null;
      if (piece.id !== '') draft.id = piece.id;
      if (draft.name === '') draft.name = piece.name;
      draft.args += piece.args;
      chars += piece.args.length + piece.name.length;
    }
    return chars;
  }

  get isEmpty(): boolean {
    return this.#drafts.length === 0;
  }

  /** The calls as they stand, each under an id of its own. */
  calls(): readonly RawCall[] {
    const ids = new Set<string>();
    return this.#drafts.map(({ id, name, args }, i) => {
      let own = id;
      for (let n = i + 1; own === '' || ids.has(own); n += 1) own = `call-${n}`;
      ids.add(own);
      return { id: own, name, args };
    });
  }

  #draftFor({ index, id, name }: Piece): Draft | null {
    const at = index ?? (this.#drafts.length === 0 || id !== '' ? this.#drafts.length : this.#drafts.length - 1);
    const known = index === null ? this.#drafts[at] : this.#at.get(at);
    const isKnown = known !== undefined && (id === '' || known.id === '' || known.id === id);
    if (isKnown && !beginsAnew(known, id, name)) return known;
    if (this.#drafts.length === MOST_CALLS) return null;
    const draft: Draft = { id: '', name: '', args: '' };
    this.#drafts.push(draft);
    this.#at.set(at, draft);
    return draft;
  }
}

/** Whether a piece that names a tool begins another call, though nothing else tells it from the last one. */
function beginsAnew(last: Draft, id: string, name: string): boolean {
  if (name === '' || last.name === '' || (id !== '' && id === last.id)) return false;
  return name !== last.name || isWhole(last.args);
}

function isWhole(args: string): boolean {
  try {
    return typeof JSON.parse(args) === 'object';
  } catch {
    // Not all of it has come, or it never will be JSON.
    return false;
  }
}

interface Piece {
  readonly index: number | null;
  readonly id: string;
  readonly name: string;
  readonly args: string;
}

function readPiece(item: unknown): Piece | null {
  if (!isRecord(item)) return null;
  const { index, id, function: called } = item;
  const { name, arguments: args = null } = isRecord(called) ? called : {};
  return {
    index: typeof index === 'number' && Number.isSafeInteger(index) ? index : null,
    id: typeof id === 'number' ? String(id) : textOr(id, ''),
    name: textOr(name, ''),
    // Some servers give the arguments as an object instead of its text.
    args: textOr(args, args === null ? '' : JSON.stringify(args)),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other);
