import type { StepEvent, Strategy } from '@praxis/core';
import { effectsOf } from './effects-of.js';

const opened: StepEvent = {
  type: 'opened',
  by: 'x',
  strategy: 's',
  state: { facts: [], numbers: {} },
  condition: '(p)',
  owner: null,
  limits: { steps: 1, replans: 1 },
  allowance: { steps: null, calls: null, tokens: null, money: null, risk: null },
  suggested: [],
  avoid: [],
  domain: '',
};
const elapsed = (id: string): StepEvent => ({ type: 'elapsed', id });
/** Asks for one thing after the other, and cannot follow what it did not ask for. */
const asker: Strategy<number> = {
  id: 'asker',
  version: 1,
  begin: () => ({ state: 0, effects: [{ kind: 'propose', id: 'e0', by: 'actor', count: 1, context: null }] }),
  on(state, event) {
    if (event.id !== `e${state}`) throw new TypeError('nobody asked for that');
    return {
      state: state + 1,
      effects: [{ kind: 'verify', id: `e${state + 1}`, by: 'world', candidate: '(p)', context: null }],
    };
  },
};

describe('effectsOf', () => {
  it('tells what was asked for, also of what has no answer yet', () => {
    const effects = effectsOf(asker as Strategy<unknown>, [opened, elapsed('e0')]);
    expect([...effects].map(([id, { kind }]) => [id, kind])).toEqual([
      ['e0', 'propose'],
      ['e1', 'verify'],
    ]);
  });

  it('tells as much as it can of what another release recorded', () => {
    expect([...effectsOf(asker as Strategy<unknown>, [opened, elapsed('zz'), elapsed('e0')]).keys()]).toEqual(['e0']);
  });
});
