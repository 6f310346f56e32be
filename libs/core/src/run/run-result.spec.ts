import type { Json } from '../values/json.js';
import { goalSchema, type GoalInput } from '../goals/goal.js';
import type { PlanNode } from '../goals/plan.js';
import type { Output, Outputs } from '../acting/output.js';
import { inputsOf, outputsFor, resultOf, type Resolve } from './run-result.js';

const file = (name: string, digit: string) => ({
  $artifact: digit.repeat(64),
  size: 3,
  mediaType: 'text/csv',
  name,
});
const output = (value: Json, ...artifacts: ReturnType<typeof file>[]): Output => ({
  value,
  artifacts,
  taint: typeof value === 'string' ? [value] : [],
});
const goal = (fields: Partial<GoalInput> = {}) => goalSchema.parse({ title: 'g', ...fields });
const node = (uses?: readonly string[]) => ({ uses }) as unknown as PlanNode;
const run = (outputs: Outputs, fields: Partial<GoalInput> = {}, nodes: readonly PlanNode[] = []) => ({
  goal: goal(fields),
  outputs,
  plan: { version: 1, nodes: [...nodes] },
});
/** Resolves `$name` alone, which is enough here. */
const resolve: Resolve = (value, outputs) => {
  const name = String(value).slice(1);
  const found = outputs[name];
  return found ? { value: found.value, taint: found.taint } : { missing: `there is no output ${name}` };
};

describe('inputsOf', () => {
  it('hands a file in as a value and as an artifact', () => {
    const sales = file('sales.csv', 'a');
    expect(inputsOf(goal({ inputs: { sales, most: 3 } }))).toEqual({
      sales: { value: sales, artifacts: [sales], taint: [] },
      most: { value: 3, artifacts: [], taint: [] },
    });
  });
});

describe('outputsFor', () => {
  const state = run({ load: output(1), profile: output(2) }, { inputs: { most: 3 } });

  it('gives a subgoal what it says that it uses, and nothing else', () =>
    expect(Object.keys(outputsFor(state, node(['load', 'most'])))).toEqual(['most', 'load']));

  it('gives all to a subgoal that does not say what it uses', () =>
    expect(Object.keys(outputsFor(state, node()))).toEqual(['most', 'load', 'profile']));

  it('lets a later output win over an input of the same name', () =>
    expect(outputsFor(run({ most: output(9) }, { inputs: { most: 3 } }), node()).most!.value).toBe(9));
});

describe('resultOf', () => {
  it('is nothing where a run left nothing', () => expect(resultOf(run({}), resolve)).toBeNull());

  it('is the value that no other subgoal uses', () => {
    const state = run({ load: output(1), report: output('http:a') }, {}, [node(['load'])]);
    expect(resultOf(state, resolve)).toEqual({ value: 'http:a', artifacts: [], taint: ['http:a'] });
  });

  it('names the values where several are left', () =>
    expect(resultOf(run({ a: output(1), b: output(2) }), resolve)).toEqual({
      value: { a: 1, b: 2 },
      artifacts: [],
      taint: [],
    }));

  it('is what the goal asks for, with the taint of what it refers to', () => {
    const state = run({ a: output('x'), b: output(2) }, { result: '$a' });
    expect(resultOf(state, resolve)).toEqual({ value: 'x', artifacts: [], taint: ['x'] });
  });

  it('says what is missing instead of giving half a result', () =>
    expect(resultOf(run({}, { result: '$a' }), resolve)).toEqual({ missing: 'there is no output a' }));

  it('holds the latest file of each path', () => {
    const state = run({ a: output(1, file('r.md', 'a'), file('s.md', 'b')), b: output(2, file('r.md', 'c')) });
    expect(resultOf(state, resolve)).toMatchObject({ artifacts: [file('r.md', 'c'), file('s.md', 'b')] });
  });
});
