import type { Action, ActionResult, Observation, World, WorldSession, WorldState } from '@praxis/core';
import { checkWorld } from './check-world.js';
import { GOAL_LAW } from './goal-laws.js';
import type { LawResult } from './law.js';

/** How a world of notes goes wrong. */
interface Faults {
  /** Names go into facts as they are, with spaces and brackets. */
  readonly spills?: true;
  /** A text of several lines is an exception. */
  readonly throws?: true;
  /** A number is taken for a text. */
  readonly lenient?: true;
  /** A fact that is shown is not found by check. */
  readonly forgets?: true;
}

/** Notes without rules and legal actions: a name and a number of pages, both plain values. */
function notes({ spills, throws, lenient, forgets }: Faults): World {
  const sessions = new Map<string, { readonly facts: Set<string>; readonly answers: Map<string, Observation> }>();
  const judge = (facts: Set<string>, { skill, args }: Action): ActionResult => {
    const { name, pages } = args;
    const fits = lenient === true || (typeof name === 'string' && typeof pages === 'number');
    if (skill !== 'write' || Object.keys(args).length !== 2 || !fits)
      return { ok: false, code: 'invalid-args', message: 'write NAME PAGES' };
    if (throws && String(name).includes('\n')) throw new Error('no lines, please');
    facts.add(`(note ${spills ? String(name) : encodeURIComponent(String(name)).replace(/[()]/g, '_') || 'none'})`);
    return { ok: true, message: 'written' };
  };
  const session = (id: string): WorldSession => {
    const { facts, answers } = sessions.get(id)!;
    const state = (): WorldState => ({ facts: [...facts].sort(), numbers: {} });
    return {
      id,
      briefing: async () => ({ rules: null, condition: '(note praxis)', agents: [] }),
      observe: async () => state(),
      act: async (action, key) => {
        const known = answers.get(key);
        if (known) return known;
        const result = judge(facts, action);
        const seen = { result, state: state() };
        answers.set(key, seen);
        return seen;
      },
      check: async (condition) => {
        const holds = facts.has(condition) && forgets !== true;
        return { holds, problems: holds ? [] : [`${condition} does not hold`] };
      },
      close: async () => void sessions.delete(id),
    };
  };
  return {
    describe: async () => ({
      name: 'notes',
      version: '1',
      summary: 'Notes.',
      domain: '',
      skills: [
        {
          name: 'write',
          summary: '',
          parameters: [
            { name: 'name', type: 'string' },
            { name: 'pages', type: 'number' },
          ],
          effect: 'reversible',
          keyed: true,
          source: 'world:notes',
        },
      ],
      scenarios: [{ name: 'empty', title: '', condition: '(note praxis)' }],
      offers: { legal: false, snapshots: false, clones: false },
    }),
    open: async ({ sessionId }) => {
      if (!sessions.has(sessionId)) sessions.set(sessionId, { facts: new Set(), answers: new Map() });
      return session(sessionId);
    },
    resume: async (id) => session(id),
  };
}

async function resultOf(world: World, law: RegExp): Promise<LawResult> {
  for await (const result of checkWorld(world)) if (law.test(result.law)) return result;
  throw new Error(`there is no law ${law.source}`);
}
const TEXTS = /^plain texts and numbers/;
const TYPES = /^an argument of another type/;

describe('the laws about plain arguments', () => {
  it('hold in a world that takes any text and any number, and its calls are made up', async () => {
    expect(await resultOf(notes({}), TEXTS)).toMatchObject({ outcome: 'holds' });
    expect(await resultOf(notes({}), TYPES)).toMatchObject({ outcome: 'holds' });
    expect(await resultOf(notes({}), /^environment\.5/)).toMatchObject({ outcome: 'holds' });
  });

  it('do not take made-up calls for a way to the goal', async () => {
    expect(await resultOf(notes({}), new RegExp(GOAL_LAW))).toMatchObject({
      outcome: 'not-shown',
      detail: expect.stringContaining('--actions FILE') as string,
    });
  });

  it.each<[string, Faults, RegExp, string]>([
    ['whose texts spill into its facts', { spills: true }, TEXTS, 'which is no fact'],
    ['that throws at a text of two lines', { throws: true }, TEXTS, 'must give an observation'],
    ['whose check does not know the facts that it shows', { forgets: true }, TEXTS, 'is shown as a fact, and check'],
    ['that takes a number for a text', { lenient: true }, TYPES, 'must be refused'],
  ])('notice a world %s', async (_, faults, law, detail) => {
    expect(await resultOf(notes(faults), law)).toMatchObject({
      outcome: 'broken',
      detail: expect.stringContaining(detail) as string,
    });
  });
});
