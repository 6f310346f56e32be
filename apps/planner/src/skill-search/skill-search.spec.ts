import * as fc from 'fast-check';
import {
  checkAtom,
  negate,
  orderNodes,
  scriptStepSchema,
  splitConjunction,
  type PlanNode,
  type SkillManifest,
} from '@praxis/core';
import { parseDomain, parseProblem, solve } from '@praxis/search';
import { CSV, INVOICES, declared } from './fixtures.js';
import { planFromSearch } from './plan-from-search.js';
import { readSkill } from './read-skill.js';
import { MOST_OBJECTS, synthesizeDomain, type SkillStart } from './synthesize-domain.js';

function planned(
  skills: readonly SkillManifest[],
  inputs: readonly string[],
  goal: string,
  more: SkillStart & { readonly recorder?: string } = {},
): readonly PlanNode[] {
  const { domain, problem, words } = synthesizeDomain(skills, inputs, goal, more);
  const result = solve({ domain, problem });
  if (result.kind !== 'solved') throw new Error(`${result.kind}: ${domain}\n${problem}`);
  return planFromSearch(result.steps, words, { version: 1, taken: more.outputs ?? [], recorder: more.recorder });
}
const why = (skill: SkillManifest, inputs: readonly string[] = []): unknown => readSkill(skill, inputs);

describe('a plan over declared skills', () => {
  it('reminds of invoices in three nodes, once for each customer', () => {
    const nodes = planned(INVOICES, [], '(and (reminded overdue) (noted overdue))', { recorder: 'calc' });
    expect(nodes.map((n) => [n.id, n.after, n.post])).toEqual([
      ['1.1', [], '(and (have overdue) (overdue-list overdue))'],
      ['1.2', ['1.1'], '(reminded overdue)'],
      ['1.3', ['1.2'], '(noted overdue)'],
    ]);
    expect(nodes[1]!.script).toMatchObject([
      {
        id: 'billing-remind',
        do: 'billing.remind',
        with: { customer: '$customer' },
        each: { of: '$overdue', as: 'customer' },
      },
      { do: 'calc', after: ['billing-remind'], ensures: ['(reminded overdue)'] },
    ]);
    expect(nodes[1]!.script![0]!.ensures).toBeUndefined();
    expect(nodes[2]).toMatchObject({ uses: ['overdue'], gives: [{ name: 'billing-note' }] });
    for (const step of nodes.flatMap((n) => n.script!)) expect(scriptStepSchema.parse(step)).toEqual(step);
  });

  it('makes a reviewed report of a CSV file in six steps, five where the file is known to be one', () => {
    expect(planned(CSV, ['sales'], '(reviewed report)')).toHaveLength(6);
    const nodes = planned(CSV, ['sales'], '(reviewed report)', { facts: ['(csv sales)'] });
    expect(nodes.map((n) => n.script![0]!.do)).toEqual([
      'profile-csv',
      'draw-chart',
      'write-report',
      'check-report',
      'ask-person',
    ]);
    expect(nodes[2]!.script![0]).toMatchObject({ id: 'report', with: { p: '$profile', g: '$chart' } });
  });

  it('goes on from outputs that there are, and takes none of their names (slots.2, plan-slots.3)', () => {
    const facts = ['(overdue-list overdue)', '(have overdue)'];
    expect(planned(INVOICES, [], '(noted overdue)', { facts, outputs: ['overdue'] })).toHaveLength(2);
    const anew = planned(INVOICES, [], '(noted overdue-2)', { outputs: ['overdue'] });
    expect(anew[0]!.gives).toEqual([{ name: 'overdue-2' }]);
  });

  it('gives a later maker the name that the goal wants, and the earlier one another', () => {
    const skills = [
      declared('draft', [], [], ['(draft ?report)']),
      declared('polish', ['in'], ['(draft ?in)'], ['(polished ?report)', '(not (draft ?in))']),
    ];
    const nodes = planned(skills, [], '(and (polished report) (not (draft report)))');
    expect(nodes.map((n) => n.gives![0]!.name)).toEqual(['report-2', 'report']);
    expect(nodes[1]!.post).toContain('(not (draft report-2))');
  });

  it('binds what no literal names to an input of that name, as it is written', () => {
    const skills = [declared('send', ['Tone', 'cc?'], [], ['(sent ?mail)'])];
    expect(planned(skills, ['Tone'], '(sent mail)')[0]!.script![0]!.with).toEqual({ Tone: '$Tone' });
  });

  it('leaves checks to the end, and refuses to choose between one and a fact', () => {
    expect(planned(INVOICES, [], `(and (noted overdue) ${checkAtom('fine')})`)).toHaveLength(3);
    expect(() => synthesizeDomain(INVOICES, [], '(or (noted overdue) (check fine))')).toThrow('cannot choose');
    expect(() => synthesizeDomain(INVOICES, [], '(check fine)')).toThrow('no fact');
  });

  it.each<[string, SkillManifest, RegExp]>([
    ['says nothing', declared('a', [], [], []), /declares nothing that it ensures/],
    ['needs an argument that nothing gives', declared('a', ['tone'], [], ['(x ?y)']), /argument tone/],
    ['goes through a list with what is no parameter', declared('a', [], ['(each ?i ?l)'], ['(x ?l)']), /no parameter/],
    ['says more of an item', declared('a', ['i'], ['(each ?i ?l)'], ['(x ?i)']), /one item of a list/],
    ['has two outputs', declared('a', [], [], ['(x ?b)', '(y ?c)']), /several outputs/],
    ['is no literal', declared('a', [], ['(and (x) (y))'], ['(z)']), /is no literal/],
    ['ensures each', declared('a', ['i'], [], ['(each ?i ?l)']), /belongs to requires/],
    ['ensures a check', declared('a', [], [], ['(check done)']), /check is verified/],
  ])('leaves out a skill that %s, with the reason', (_what, skill, reason) => {
    expect(why(skill)).toMatch(reason);
  });
});

describe('steps that a search gives', () => {
  const { words } = synthesizeDomain(INVOICES, [], '(reminded overdue)');
  const step = (skill: string, ...args: readonly string[]) => ({
    action: [...words.skills].find(([, s]) => s.name === skill)![0],
    args: args.map((name) => [...words.objects].find(([, o]) => o === name)![0]),
  });

  it('are no plan where one of them cannot be done, or the goal does not hold after them (plan-slots.1)', () => {
    const [list, remind] = [step('billing.list-overdue', 'overdue'), step('billing.remind', 'overdue')];
    expect(planFromSearch([list, remind], words, { version: 1 })).toHaveLength(2);
    expect(() => planFromSearch([remind], words, { version: 1 })).toThrow(
      'billing.remind needs (overdue-list overdue)',
    );
    expect(() => planFromSearch([list], words, { version: 1 })).toThrow('does not reach the goal');
  });
});

const word = fc.constantFrom('a', 'b', 'Ünï', 'x.y', 'p-1', '7');
const literal = fc
  .tuple(fc.boolean(), word, fc.array(fc.constantFrom('?a', '?b', '?c', 'k'), { maxLength: 2 }))
  .map(([not, name, args]) => (not ? `(not (${[name, ...args].join(' ')}))` : `(${[name, ...args].join(' ')})`));
const skills = fc.array(
  fc.record({
    name: fc.constantFrom('s', 's.t', 'S/T', '9', 'ü'),
    parameters: fc.subarray(['a', 'b']),
    requires: fc.array(literal, { maxLength: 2 }),
    ensures: fc.array(literal, { maxLength: 3 }),
  }),
  { maxLength: 6 },
);
const goals = fc.array(fc.tuple(fc.boolean(), word), { minLength: 1, maxLength: 2 });

describe('a planning problem of declared skills', () => {
  const manifests = (all: readonly { name: string; parameters: string[]; requires: string[]; ensures: string[] }[]) =>
    all.map((s, i) => declared(`${s.name}${i}`, s.parameters, s.requires, s.ensures));

  it('is PDDL whatever things are called, with each skill an action or left out (slots.1, slots.3, slots.4)', () => {
    fc.assert(
      fc.property(skills, fc.uniqueArray(word), goals, (all, inputs, wanted) => {
        const goal = `(and ${wanted.map(([, name]) => `(${name} k)`).join(' ')})`;
        const made = synthesizeDomain(manifests(all), inputs, goal);
        parseProblem(made.problem, parseDomain(made.domain));
        const told = [...[...made.words.skills.values()].map((s) => s.name), ...made.left.map((l) => l.skill)];
        expect(told.toSorted()).toEqual(
          manifests(all)
            .map((s) => s.name)
            .toSorted(),
        );
        expect(made.words.objects.size).toBeLessThanOrEqual(MOST_OBJECTS);
      }),
    );
  });

  it('has room for at most 200 objects, and says which skills there is none for', () => {
    const many = Array.from({ length: 150 }, (_, i) => declared(`s${i}`, [], [], [`(made ?o${i})`]));
    const inputs = Array.from({ length: 120 }, (_, i) => `in${i}`);
    const { words, left } = synthesizeDomain(many, inputs, '(made o1)');
    expect(words.objects.size).toBeLessThanOrEqual(MOST_OBJECTS);
    expect(left.length).toBeGreaterThan(0);
    expect(left[0]!.why).toContain('no room');
  });

  it('has plans that reach the goal in every order that their nodes allow (plan-slots.2)', () => {
    const seen = { solved: 0 };
    const flags = fc.array(
      fc.record({
        requires: fc.array(fc.constantFrom('(p)', '(q)', '(r)', '(not (p))', '(not (q))'), { maxLength: 2 }),
        ensures: fc.array(fc.constantFrom('(p)', '(q)', '(r)', '(t)', '(not (p))', '(not (r))'), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
      { minLength: 3, maxLength: 8 },
    );
    fc.assert(
      fc.property(flags, fc.infiniteStream(fc.nat()), (all, picks) => {
        const named = all.map((s, i) => declared(`s${i}`, [], s.requires, s.ensures));
        const { domain, problem, words } = synthesizeDomain(named, [], '(and (t) (q) (not (p)))');
        const result = solve({ domain, problem });
        if (result.kind !== 'solved') return;
        seen.solved++;
        const nodes = planFromSearch(result.steps, words, { version: 1 });
        const facts = new Set<string>();
        const holds = (l: string): boolean => (l.startsWith('(not ') ? !facts.has(negate(l)) : facts.has(l));
        const left = new Map(nodes.map((n) => [n.id, n]));
        while (left.size > 0) {
          const ready = [...left.values()].filter((n) => n.after.every((id) => !left.has(id)));
          const node = ready[picks.next().value % ready.length]!;
          for (const need of node.pre) expect(holds(need)).toBe(true);
          for (const made of splitConjunction(node.post))
            if (made.startsWith('(not ')) facts.delete(negate(made));
            else facts.add(made);
          left.delete(node.id);
        }
        for (const l of ['(t)', '(q)', '(not (p))']) expect(holds(l)).toBe(true);
        expect(orderNodes(nodes)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
    expect(seen.solved).toBeGreaterThan(0);
  });
});
