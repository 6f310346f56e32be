import {
  UNBOUNDED,
  makeFailure,
  makeState,
  stepEvents,
  subgoalStream,
  type Action,
  type Failure,
  type NodeState,
  type Run,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { toldFailures } from './told-failures.js';

const put = (what: string, where: string): Action => ({ skill: 'put', args: { what, where } });
const refusal = (what: string, ...facts: readonly string[]): Failure =>
  makeFailure(put(what, 'box'), 'not-applicable', makeState(facts));
const opened = (facts: readonly string[]): StepEvent => ({
  type: 'opened',
  by: 'e',
  strategy: 'react',
  state: { facts: [...facts], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 9, replans: 9, stale: 3 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: 'd',
});
const did = (n: number, action: Action, ok: boolean): StepEvent[] => [
  { type: 'decided', id: `e${n}`, step: n, action, why: '', origin: 'model', taint: [] },
  {
    type: 'observed',
    id: `e${n}`,
    step: n,
    result: ok ? { ok, message: '' } : { ok, code: 'not-applicable', message: '' },
    change: { added: [], removed: [], numbers: {} },
  },
];

async function told(failures: readonly Failure[], world: WorldState) {
  const journal = new MemoryJournal();
  const write = (node: string, events: readonly StepEvent[]): Promise<number> =>
    journal.append(
      subgoalStream(`r-1.${node}.1`),
      0,
      events.map((e) => stepEvents.encode(e)),
    );
  await write('1.1', [opened(['(open shelf)', '(has jug)']), ...did(0, put('jug', 'shelf'), true)]);
  await write('1.2', [opened([]), ...did(0, put('lost', 'box'), false)]);
  const at = (status: NodeState['status']): NodeState => ({ status, attempt: 1, reason: '', allowance: UNBOUNDED });
  const state = {
    failures,
    nodes: new Map([
      ['1.1', at('done')],
      ['1.2', at('failed')],
    ]),
  } as unknown as Run;
  return toldFailures({ run: 'r-1', state, world }, journal);
}

describe('what failed, as a repair is told it', () => {
  it('is a handful: each once, those of the lost subgoal first, then the latest', async () => {
    const many = Array.from({ length: 40 }, (_, i) => refusal(`thing${i}`, `(has thing${i})`));
    const lost = refusal('lost', '(has lost)');
    const found = await told([lost, ...many, ...many], makeState([]));
    expect(found.map((f) => f.action)).toEqual([lost, ...many.slice(-7).reverse()].map((f) => f.action));
  });

  it('says what may have been missing, by what went well elsewhere in the run, and what has changed since', async () => {
    const failure = refusal('cup', '(has cup)');
    expect(await told([failure], makeState(['(has cup)']))).toEqual([{ ...failure, missing: ['(open box)'] }]);
    expect(await told([failure], makeState(['(dry cup)']))).toMatchObject([
      { changed: { added: ['(dry cup)'], removed: ['(has cup)'] } },
    ]);
  });

  it('is silent of what was missing once it is there', async () => {
    expect(await told([refusal('cup', '(has cup)')], makeState(['(open box)']))).toEqual([]);
  });

  it('reads nothing where nothing failed', async () => expect(await told([], makeState([]))).toEqual([]));
});
