import { goalSchema, keyedRandom, parseApprovalRule, type Goal } from '@praxis/core';
import { DEEDS, type Deed } from './recorder.js';

/** A goal and what the outside world must have seen once it is done. */
export interface Errand {
  readonly goal: Goal;
  /** Names that occur in no other run. */
  readonly items: ReadonlySet<string>;
  readonly wanted: readonly { readonly deed: Deed; readonly item: string }[];
}

/** Things are checked, stamped, and then billed or mailed, each by the clerk who handles them. */
const DOMAIN = `(define (domain office)
  (:requirements :strips :typing)
  (:types agent item - object)
  (:predicates (handles ?c - agent ?i - item) (checked ?i - item) (stamped ?i - item) (billed ?i - item) (mailed ?i - item))
  (:action check :parameters (?c - agent ?i - item) :precondition (handles ?c ?i) :effect (checked ?i))
  (:action stamp :parameters (?c - agent ?i - item) :precondition (and (handles ?c ?i) (checked ?i)) :effect (stamped ?i))
  (:action bill :parameters (?c - agent ?i - item) :precondition (and (handles ?c ?i) (stamped ?i)) :effect (billed ?i))
  (:action mail :parameters (?c - agent ?i - item) :precondition (and (handles ?c ?i) (stamped ?i)) :effect (mailed ?i)))`;

/** One thing and its way through the office. */
interface Piece {
  readonly clerk: string;
  readonly item: string;
  readonly deeds: readonly Deed[];
}

/** The errand of one run; the same seed and number give the same one (S8). */
export function drawErrand(seed: string, run: number): Errand {
  const roll = (...what: readonly (string | number)[]): number => keyedRandom(seed, 'errand', run, ...what);
  const clerks = roll('clerks') < 0.6 ? 2 : 1;
  const pieces = Array.from({ length: clerks }, (_, c) => c + 1).flatMap((c) =>
    Array.from({ length: 1 + Math.floor(roll('items', c) * 2) }, (_, i) => {
      const item = `item-${String(run)}-${String(c)}-${String(i + 1)}`;
      const last: readonly Deed[] =
        roll('bill', item) < 0.6 ? ['bill', ...(roll('mail', item) < 0.4 ? (['mail'] as const) : [])] : ['mail'];
      return { clerk: `clerk${String(c)}`, item, deeds: ['check', 'stamp', ...last] as const };
    }),
  );
  return errandOf(seed, run, pieces, { isTight: roll('tight') < 0.25, needsApproval: roll('approval') < 0.2 });
}

/** An errand in which every kind of effect and a question to a person occur. */
export function fullErrand(seed: string, run: number): Errand {
  const piece = (c: number): Piece => ({
    clerk: `clerk${String(c)}`,
    item: `item-${String(run)}-${String(c)}-1`,
    deeds: ['check', 'stamp', 'bill', 'mail'],
  });
  return errandOf(seed, run, [piece(1), piece(2)], { isTight: false, needsApproval: true });
}

/**
 * `isTight`: nothing more may be spent than is needed, and of risk less. `needsApproval`: a person must allow the mail.
 */
function errandOf(
  seed: string,
  run: number,
  pieces: readonly Piece[],
  { isTight, needsApproval }: { readonly isTight: boolean; readonly needsApproval: boolean },
): Errand {
  const facts = pieces.map(({ clerk, item }) => `(handles ${clerk} ${item})`);
  const goals = pieces.flatMap(({ item, deeds }) =>
    deeds.filter((d) => d === 'bill' || d === 'mail').map((d) => `(${d}ed ${item})`),
  );
  const problem = `(define (problem errand-${String(run)}) (:domain office)
  (:objects ${[...new Set(pieces.map((p) => p.clerk))].join(' ')} - agent ${pieces.map((p) => p.item).join(' ')} - item)
  (:init ${facts.join(' ')})
  (:goal (and ${goals.join(' ')})))`;
  const wanted = pieces.flatMap(({ item, deeds }) => deeds.map((deed) => ({ deed, item })));
  const goal = goalSchema.parse({
    title: `errand ${String(run)}`,
    world: 'pddl',
    problem: { domain: DOMAIN, problem },
    seed: `${seed}-${String(run)}`,
    archive: { space: 'chaos', learn: false },
    budget: isTight ? { steps: wanted.length, risk: 10 } : {},
    approvals: needsApproval ? [parseApprovalRule('ask skill=mail')] : [],
  });
  return { goal, items: new Set(pieces.map((p) => p.item)), wanted };
}

/** The skills by which the office reaches the outside world, as the file of `skills.file` holds them. */
export function skillsFile(recorderPort: number): string {
  const base = `http://127.0.0.1:${String(recorderPort)}`;
  const skills = Object.entries(DEEDS).map(([name, nature]) => ({
    name,
    performs: 'pddl',
    effect: nature === 'pure' ? 'pure' : 'irreversible',
    keyed: nature === 'keyed',
    http: { method: nature === 'pure' ? 'GET' : 'POST', url: `${base}/do/${name}/{i}` },
    ...(nature === 'probed' ? { probe: { method: 'GET', url: `${base}/done/${name}/{key}` } } : {}),
  }));
  // JSON is YAML too.
  return JSON.stringify({ skills }, null, 2);
}
