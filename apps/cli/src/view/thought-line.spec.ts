import type { Json, StepEvent } from '@praxis/core';
import { eventLine } from './event-line.js';
import { stepEvent } from './sample-run.js';

const call = { prompt: 'p', answer: 'a' };
const act = (skill: string, more: { readonly why?: string; readonly times?: number } = {}): Json => ({
  kind: 'act',
  action: { skill, args: { r: 'robby' } },
  ...more,
});
const proposed = (candidates: Json[], note = ''): StepEvent => ({ type: 'proposed', id: 'x', candidates, note, call });
const decided = (why: string, origin = 'model'): StepEvent => ({
  type: 'decided',
  id: 'x',
  step: 0,
  action: { skill: 'open', args: { r: 'robby' } },
  why,
  origin,
  taint: [],
});
const tell = (event: StepEvent, hasSteps = true): string | null =>
  eventLine('b', stepEvent('r-1.1.1.1', event), hasSteps);

describe('thoughts of models, as lines of a log', () => {
  it.each<[string, StepEvent, string | null]>([
    ['an action that follows anyway', proposed([act('open', { why: 'it is shut' })]), null],
    [
      'several ways to go on, with their votes',
      proposed([act('close'), act('open', { times: 3 })]),
      'b: 1.1 a model would: (open robby) ×3, (close robby)',
    ],
    [
      'what a judge says of them',
      { type: 'scored', id: 'x', scores: [0.9, 0.25], call },
      'b: 1.1 judged by a model: 0.90, 0.25',
    ],
    [
      'that it is done, or stuck',
      proposed([{ kind: 'stuck', why: 'no key' }]),
      'b: 1.1 a model says that it is stuck: no key',
    ],
    [
      'that an answer was of no use, and why',
      proposed([], 'the answer is no JSON'),
      'b: 1.1 a model says nothing of use: the answer is no JSON',
    ],
    ['an intention', proposed([{ actions: [], why: 'later' }]), 'b: 1.1 a model thinks ahead'],
    ['why a model chose an action', decided('it is\nshut'), 'b: 1.1 (open robby): it is shut'],
    ['an action of search, without its place in the plan', decided('step 1 of 7', 'search'), 'b: 1.1 (open robby)'],
    [
      'nothing of what was no model',
      { type: 'proposed', id: 'x', candidates: [act('open'), act('close')], note: '' },
      null,
    ],
  ])('tell %s', (_, event, line) => {
    expect(tell(event)).toBe(line);
    expect(tell(event, false)).toBeNull();
  });

  it('tell only the beginning of a long one', () => {
    const line = tell(decided('because '.repeat(100)))!;
    expect([line.length < 160, line.endsWith(' …')]).toEqual([true, true]);
  });
});
