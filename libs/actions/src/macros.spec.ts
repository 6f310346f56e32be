import { actionText, makeAction, makeState, type SkillManifest, type Tool, type ToolBody } from '@praxis/core';
import { guardsOf } from './guards.js';
import { macroFor, withMacros } from './macros.js';

const tool = (id: string, body: ToolBody): Tool => ({
  id,
  space: 'default',
  domain: 'household',
  title: id,
  body,
  trust: 'active',
  evidence: { subgoals: [], successes: 0, failures: 0, pairs: 0, wins: 0, losses: 0, eValue: 1 },
  createdAt: 0,
});
const opening = tool('t-1', {
  kind: 'macro',
  action: 'take-from',
  parameters: ['?r', '?i', '?c'],
  unless: '(open ?c)',
  first: [{ action: 'open', args: ['?r', '?c'] }],
});
const guard = tool('t-2', {
  kind: 'guard',
  action: 'take-from',
  parameters: ['?r', '?i', '?c'],
  requires: '(open ?c)',
});
const take = (item: string): ReturnType<typeof makeAction> =>
  makeAction('take-from', ['robot', 'item', 'from'], ['robby', item, 'fridge']);
const open: SkillManifest = {
  name: 'open',
  summary: '',
  parameters: [
    { name: 'robot', type: 'robot' },
    { name: 'what', type: 'container' },
  ],
  effect: 'reversible',
  keyed: true,
  source: 'world:household',
};
const shut = makeState(['(in milk fridge)']);

describe('macroFor', () => {
  it('does first what a macro asks for, with the arguments of the action at hand', () => {
    const found = macroFor(take('milk'), [guard, opening], shut, [open]);
    expect(found?.first).toEqual([{ skill: 'open', args: { robot: 'robby', what: 'fridge' } }]);
    expect(found?.tool.id).toBe('t-1');
  });

  it('does nothing where the condition holds already, and nothing for another action', () => {
    expect(macroFor(take('milk'), [opening], makeState(['(open fridge)']), [open])).toBeNull();
    expect(macroFor(makeAction('put-into', ['r', 'i', 'c'], ['robby', 'milk', 'fridge']), [opening], shut)).toBeNull();
  });

  it('passes over a macro that was learned for another number of arguments or leaves a variable open', () => {
    expect(macroFor(makeAction('take-from', ['r', 'i'], ['robby', 'milk']), [opening], shut)).toBeNull();
    const loose = tool('t-3', {
      kind: 'macro',
      action: 'take-from',
      parameters: ['?r', '?i', '?c'],
      unless: '(open ?c)',
      first: [{ action: 'open', args: ['?r', '?d'] }],
    });
    expect(macroFor(take('milk'), [loose], shut)).toBeNull();
  });

  it('understands a literal that must be false', () => {
    const closing = tool('t-4', {
      kind: 'macro',
      action: 'bake',
      parameters: ['?o'],
      unless: '(not (open ?o))',
      first: [{ action: 'close', args: ['?o'] }],
    });
    const bake = makeAction('bake', ['oven'], ['oven1']);
    expect(macroFor(bake, [closing], makeState(['(open oven1)']))?.first.map(actionText)).toEqual(['(close oven1)']);
    expect(macroFor(bake, [closing], makeState([]))).toBeNull();
  });
});

describe('withMacros', () => {
  it('mends a plan once for each thing that is missing', () => {
    const { actions, used } = withMacros([take('milk'), take('juice')], [opening], shut, [open]);
    expect(actions.map(actionText)).toEqual([
      '(open robby fridge)',
      '(take-from robby milk fridge)',
      '(take-from robby juice fridge)',
    ]);
    expect(used).toEqual(['t-1']);
  });

  it('comes to an end where two macros undo each other', () => {
    const closing = tool('t-5', {
      kind: 'macro',
      action: 'take-from',
      parameters: ['?r', '?i', '?c'],
      unless: '(not (open ?c))',
      first: [{ action: 'close', args: ['?r', '?c'] }],
    });
    expect(withMacros([take('milk')], [opening, closing], shut, [open]).actions.map(actionText)).toEqual([
      '(open robby fridge)',
      '(close robby fridge)',
      '(take-from robby milk fridge)',
    ]);
  });
});

describe('guardsOf', () => {
  it('gives the planner what guards require, each once, and nothing of other tools', () => {
    expect(guardsOf([guard, opening, { ...guard, id: 't-9' }])).toEqual([
      { action: 'take-from', parameters: ['?r', '?i', '?c'], requires: '(open ?c)' },
    ]);
  });
});
