import { makeState, stepEventSchema, type Json, type OpenedEvent, type Output } from '@praxis/core';
import type { ActCandidate } from '../contract/candidates.js';
import { ANSWER, evidenceOf, hear, leftBy, nextOutputName, outputText } from './react-outputs.js';
import { beginReact, type ReactState } from './react-state.js';

const report = { $artifact: 'a'.repeat(64), size: 3, mediaType: 'text/markdown', name: 'report.md' };
const output = (value: Json, more: Partial<Output> = {}): Output => ({ value, artifacts: [], taint: [], ...more });
const opened = stepEventSchema.parse({
  type: 'opened',
  by: 'e',
  strategy: 'react',
  state: makeState([]),
  condition: '(check done-1)',
  owner: null,
  limits: { steps: 10, replans: 1 },
  suggested: [],
  avoid: [],
  domain: '',
  inputs: { most: output(3) },
  seed: '1',
}) as OpenedEvent;
const doing = (state: ReactState, args: Record<string, Json> = {}): ReactState => ({
  ...state,
  current: {
    kind: 'act',
    action: { skill: 'list', args },
    why: '',
    times: 1,
    origin: 'model',
    taint: [],
  } as unknown as ActCandidate,
});
const observed = (given: Output | undefined, more: object = {}) => ({
  type: 'observed' as const,
  id: 'e1',
  step: 0,
  result: { ok: true as const, message: 'done', ...(given && { output: given }) },
  change: { added: [], removed: [], numbers: {} },
  ...more,
});
const begun = doing(beginReact(opened));

describe('what an action gives', () => {
  it('is shown later under its name, and its sources taint what follows (react.8)', () => {
    const given = output({ overdue: ['Ada'] }, { taint: ['http:shop'] });
    const state = hear(begun, observed(given));
    expect(state.heard).toEqual([{ action: '(list)', text: '$s1 = {"overdue":["Ada"]}', source: '' }]);
    expect(state.sources).toEqual(['http:shop']);
    expect(state.outputs).toEqual({ most: output(3), s1: given });
    expect(nextOutputName({ ...state, steps: 1 })).toBe('s2');
  });

  it('is progress where it was not there before, and none where it was (react.8)', () => {
    const once = hear(begun, observed(output(1)));
    const again = hear(doing({ ...once, steps: 1 }), observed(output(1)));
    const other = hear(doing({ ...again, steps: 2 }), observed(output(2)));
    expect([once, again, other].map((s) => s.answered.length)).toEqual([1, 1, 2]);
  });

  it('names the files that were made', () =>
    expect(outputText('s1', output('written', { artifacts: [report] }))).toBe('$s1 = written (files: report.md)'));

  it('is the message where a skill outside the world gives no output, as older histories hold it', () => {
    const state = hear(begun, observed(undefined, { answeredBy: 'http:shop' }));
    expect(state.heard).toEqual([]);
    expect(state.answered).toEqual(['(list)']);
    expect(state.sources).toEqual(['http:shop']);
  });

  it('is nothing where the world only did it', () => expect(hear(begun, observed(undefined))).toEqual(begun));
});

describe('what a subgoal leaves', () => {
  const made = hear(begun, observed(output(1, { artifacts: [report], taint: ['http:shop'] })));

  it('is what the actor answered, with the files and all sources', () =>
    expect(leftBy({ ...made, answer: 'three were reminded' })).toEqual({
      [ANSWER]: { value: 'three were reminded', artifacts: [report], taint: ['model', 'http:shop'] },
    }));

  it('is nothing where nothing was answered and no file was made', () => expect(leftBy(begun)).toEqual({}));

  it('is not what was handed in', () => {
    const withFile = { ...opened, inputs: { sales: output(report, { artifacts: [report] }) } };
    expect(leftBy(beginReact(withFile))).toEqual({});
  });
});

describe('what a verifier may look at', () => {
  it('is every output and the answer', () =>
    expect(evidenceOf({ ...begun, answer: 'yes' })).toMatchObject({
      outputs: { most: { value: 3 }, answer: { value: 'yes' } },
    }));

  it('is nothing in a stream of an older release', () => {
    const { inputs: _, ...older } = opened;
    expect(evidenceOf(beginReact(older))).toBeNull();
  });
});
