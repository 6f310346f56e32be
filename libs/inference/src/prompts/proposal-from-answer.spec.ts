import { planSchema, validatePlan, type SkillManifest } from '@praxis/core';
import type { MetaPlanAnswer } from './answers.js';
import { answerFromPlan, metaPlanProblems, proposalFromAnswer, type ProposalFrame } from './proposal-from-answer.js';

const move: SkillManifest = {
  name: 'move',
  summary: '',
  parameters: [
    { name: 'who', type: 'agent' },
    { name: 'to', type: 'room' },
  ],
  effect: 'reversible',
  keyed: true,
  source: 'world:test',
};
const FRAME: ProposalFrame = {
  version: 2,
  keep: [],
  agents: ['ann', 'bob'],
  skills: [move],
  words: { predicates: new Map([['at', 2]]), functions: new Map(), objects: new Set(['ann', 'bob', 'hall', 'attic']) },
};
const subgoal = (part: Partial<MetaPlanAnswer['subgoals'][number]>): MetaPlanAnswer['subgoals'][number] => ({
  title: 'go',
  owner: 'ann',
  after: [],
  achieves: '(at ann hall)',
  steps: [],
  ...part,
});
const answer = (...subgoals: readonly Partial<MetaPlanAnswer['subgoals'][number]>[]): MetaPlanAnswer => ({
  thought: '',
  subgoals: subgoals.map(subgoal),
  questions: [],
});
const problemsOf = (part: Partial<MetaPlanAnswer['subgoals'][number]>): readonly string[] =>
  metaPlanProblems(answer(part), FRAME);

describe('proposalFromAnswer', () => {
  it("makes a sound plan in the form of a search's", () => {
    const proposal = proposalFromAnswer(
      answer(
        { title: ' to  the\nhall ', steps: ['(move ann hall)'] },
        { owner: 'BOB', after: [1, 1], achieves: '(and (At bob attic))', title: '' },
      ),
      FRAME,
    );
    expect(proposal).toEqual({
      kind: 'plan',
      plan: {
        version: 2,
        nodes: [
          {
            id: '2.1',
            title: 'to the hall',
            pre: [],
            post: '(at ann hall)',
            after: [],
            owner: 'ann',
            lane: 'default',
            steps: [{ skill: 'move', args: { who: 'ann', to: 'hall' } }],
            cost: 1,
          },
          {
            id: '2.2',
            title: '(at bob attic)',
            pre: [],
            post: '(at bob attic)',
            after: ['2.1'],
            owner: 'bob',
            lane: 'default',
            steps: [],
            cost: 1,
          },
        ],
      },
    });
    const { plan } = proposal as Extract<typeof proposal, { kind: 'plan' }>;
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(
      validatePlan(plan, {
        agents: FRAME.agents,
        skills: ['move'],
        goal: ['(at ann hall)', '(at bob attic)'],
        holding: [],
      }),
    ).toEqual([]);
  });

  it('keeps what stays of the version before, in front of what is new', () => {
    const first = proposalFromAnswer(answer({}), { ...FRAME, version: 1 });
    const keep = first.kind === 'plan' ? first.plan.nodes : [];
    const second = proposalFromAnswer(answer({}), { ...FRAME, keep });
    expect(second.kind === 'plan' && second.plan.nodes.map((n) => n.id)).toEqual(['1.1', '2.1']);
  });

  it.each<[string, Partial<MetaPlanAnswer['subgoals'][number]>, string]>([
    ['an unknown owner', { owner: 'eve' }, 'subgoal 1: eve is not an agent here; there are ann, bob.'],
    ['waiting for itself', { after: [1] }, 'subgoal 1: it waits for subgoal 1, which does not stand before it.'],
    ['waiting for nobody', { after: [0] }, 'subgoal 1: it waits for subgoal 0, which does not exist.'],
    ['achieving nothing', { achieves: ' ' }, 'subgoal 1: what it achieves: it is empty.'],
    [
      'achieving what is no conjunction',
      { achieves: '(or (at ann hall) (at bob hall))' },
      'subgoal 1: what it achieves: (or (at ann hall) (at bob hall)) uses or; only literals joined by "and" will do.',
    ],
    [
      'achieving what nobody knows',
      { achieves: '(near ann hall)' },
      'subgoal 1: what it achieves: near is not a predicate here; there are at.',
    ],
  ])('refuses %s, and says so to the model', (_, part, problem) => expect(problemsOf(part)).toEqual([problem]));

  it.each<[string, string]>([
    ['an unknown skill', '(fly ann hall)'],
    ['a call of the wrong length', '(move ann)'],
    ['an unknown object', '(move ann moon)'],
    ['talk', 'then she walks'],
  ])('keeps the suggested steps before %s: a suggestion never fails a plan', (_, bad) => {
    const proposal = proposalFromAnswer(answer({ steps: ['(move ann hall)', bad, '(move ann attic)'] }), FRAME);
    expect(proposal.kind === 'plan' && proposal.plan.nodes[0]!.steps).toEqual([
      { skill: 'move', args: { who: 'ann', to: 'hall' } },
    ]);
  });

  it('can be said again in the form in which the model wrote it, without what was kept', () => {
    const first = proposalFromAnswer(answer({}), { ...FRAME, version: 1 });
    const said = answer(
      { title: 'hall', steps: ['(move ann hall)'] },
      { title: 'attic', owner: 'bob', after: [1], achieves: '(at bob attic)' },
    );
    const second = proposalFromAnswer(said, { ...FRAME, keep: first.kind === 'plan' ? first.plan.nodes : [] });
    expect(second.kind === 'plan' && answerFromPlan(second.plan, 'go there')).toEqual({ ...said, thought: 'go there' });
  });

  it('tells a model of no more than eight problems at once, and of equal ones once', () => {
    const told = metaPlanProblems(answer(...Array.from({ length: 20 }, () => ({ owner: 'eve' }))), FRAME);
    expect(told).toHaveLength(9);
    expect(told.at(-1)).toBe('and 12 more');
  });

  it('says everything that is wrong at once, so that one repair may do', () => {
    expect(metaPlanProblems(answer({ after: [2], owner: 'eve' }, { achieves: '' }), FRAME)).toEqual([
      'subgoal 1: eve is not an agent here; there are ann, bob.',
      'subgoal 1: it waits for subgoal 2, which does not stand before it.',
      'subgoal 2: what it achieves: it is empty.',
    ]);
  });

  it('asks where there are only questions, and is no proposal where there is nothing', () => {
    expect(proposalFromAnswer({ thought: '', subgoals: [], questions: [' Which hall? ', ''] }, FRAME)).toEqual({
      kind: 'questions',
      questions: ['Which hall?'],
    });
    expect(metaPlanProblems({ thought: '', subgoals: [], questions: [' '] }, FRAME)).toEqual([
      'there are neither subgoals nor questions; give one of them',
    ]);
  });

  it('takes the only agent for meant where none is named, and nobody where there are several', () => {
    const ownerAmong = (agents: readonly string[]): unknown => {
      const proposal = proposalFromAnswer(answer({ owner: null }), { ...FRAME, agents });
      return proposal.kind === 'plan' ? proposal.plan.nodes[0]!.owner : proposal;
    };
    expect([['ann'], ['ann', 'bob'], []].map(ownerAmong)).toEqual(['ann', null, null]);
  });
});
