import * as fc from 'fast-check';
import { fold, goalSchema, makeState, type Action, type Plan, type Run, type RunEvent } from '@praxis/core';
import { BelievedRules } from '@praxis/search';
import { cutSuggestions, rehearse } from './rehearse.js';

const domain = `(define (domain depot) (:requirements :typing) (:types robot place box)
  (:predicates (at ?r - robot ?p - place) (in ?b - box ?p - place) (has ?r - robot ?b - box))
  (:action go :parameters (?r - robot ?p ?q - place) :precondition (at ?r ?p) :effect (and (not (at ?r ?p)) (at ?r ?q)))
  (:action take :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (in ?b ?p)) :effect (and (has ?r ?b) (not (in ?b ?p))))
  (:action put :parameters (?r - robot ?b - box ?p - place) :precondition (and (at ?r ?p) (has ?r ?b)) :effect (and (in ?b ?p) (not (has ?r ?b)))))`;
const problem =
  '(define (problem p) (:domain depot) (:objects r1 - robot gate shop - place b1 - box) (:init (at r1 gate) (in b1 gate)) (:goal (in b1 shop)))';
const rules = new BelievedRules({ domain, problem });
const from = makeState(['(at r1 gate)', '(in b1 gate)']);
const act = (skill: string, ...args: readonly string[]): Action => ({
  skill,
  args: Object.fromEntries(args.map((a, i) => [`x${i}`, a])),
});
const ACTIONS = [
  act('go', 'r1', 'gate', 'shop'),
  act('go', 'r1', 'shop', 'gate'),
  act('take', 'r1', 'b1', 'gate'),
  act('take', 'r1', 'b1', 'shop'),
  act('put', 'r1', 'b1', 'gate'),
  act('put', 'r1', 'b1', 'shop'),
];

const goal = goalSchema.parse({ title: 'box', world: 'pddl', condition: '(in b1 shop)' });
const opened: RunEvent = {
  type: 'opened',
  session: 's',
  domainName: 'depot',
  domain,
  problem,
  condition: '(in b1 shop)',
  agents: ['r1'],
  approvals: [],
  versions: { planning: 1, acting: 1 },
  tools: [],
};
const run: Run = fold([{ type: 'accepted', goal }, opened])!;
const planOf = (...subgoals: readonly (readonly Action[])[]): Plan => ({
  version: 1,
  nodes: subgoals.map((steps, i) => ({
    id: `1.${i + 1}`,
    title: `part ${i + 1}`,
    pre: [],
    post: '(and)',
    after: i === 0 ? [] : [`1.${i}`],
    owner: 'r1',
    lane: 'default',
    steps: [...steps],
    cost: 1,
  })),
});
const frame = { run, from, rules };

describe('a suggestion that cannot be carried out', () => {
  it('is cut before its first impossible step; nothing else of the plan changes, and a cut plan is not broken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...ACTIONS), { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
        async (subgoals) => {
          const plan = planOf(...subgoals);
          const { plan: cut, note } = await cutSuggestions(plan, frame);
          expect((await rehearse(cut, frame)).kind).not.toBe('broken');
          expect(cut.nodes.map((n) => ({ ...n, steps: [] }))).toEqual(plan.nodes.map((n) => ({ ...n, steps: [] })));
          const changed = plan.nodes.filter((n, i) => n.steps.length !== cut.nodes[i]!.steps.length);
          for (const [i, node] of cut.nodes.entries())
            expect(node.steps).toEqual(plan.nodes[i]!.steps.slice(0, node.steps.length));
          expect(changed.length > 0).toBe(note !== '');
        },
      ),
    );
  });

  it('is told with what the step needs and which step took it away', async () => {
    const { note } = await cutSuggestions(planOf([ACTIONS[2]!, ACTIONS[0]!], [ACTIONS[2]!]), frame);
    expect(note).toBe(
      'The suggested steps were cut, since subgoal 2 "part 2" cannot do its step 1, (take r1 b1 gate): it needs (at r1 gate), which is not true since step 2 of subgoal 1 "part 1", (go r1 gate shop).',
    );
  });

  it('says in the words of the rules where an action does not exist', async () => {
    expect((await cutSuggestions(planOf([act('fly', 'r1')]), frame)).note).toMatch(
      /\(fly r1\): there is no action `fly`/,
    );
  });

  it('stays as it was agreed on where it is kept of an older version', async () => {
    const plan = { ...planOf([ACTIONS[5]!]), version: 2 };
    expect(await cutSuggestions(plan, frame)).toEqual({ plan, note: '' });
  });
});
