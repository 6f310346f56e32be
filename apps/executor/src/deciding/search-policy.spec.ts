import { makeFailure, makeState, type Action, type Failure, type Json, type Tool, type ToolBody } from '@praxis/core';
import { solve, type PlanRequest, type SearchResult } from '@praxis/search';
import type { Proposal } from '@praxis/strategy';
import { SearchPolicy } from './search-policy.js';

const domain = `(define (domain larder)
  (:types robot cup shelf)
  (:predicates (at ?c - cup ?s - shelf) (open ?s - shelf) (has ?r - robot ?c - cup) (clean ?c - cup))
  (:action take :parameters (?r - robot ?c - cup ?s - shelf) :precondition (at ?c ?s) :effect (and (has ?r ?c) (not (at ?c ?s))))
  (:action open :parameters (?r - robot ?s - shelf) :precondition (not (open ?s)) :effect (open ?s))
  (:action wash :parameters (?r - robot ?c - cup) :precondition (has ?r ?c) :effect (clean ?c)))`;
const problem =
  '(define (problem p) (:domain larder) (:objects robby ruby - robot mug - cup top - shelf) (:init (at mug top)) (:goal (has robby mug)))';
const start = makeState(['(at mug top)']);
const TAKE: Action = { skill: 'take', args: { r: 'robby', c: 'mug', s: 'top' } };
const OPEN: Action = { skill: 'open', args: { r: 'robby', s: 'top' } };
const refusedShut = makeFailure(TAKE, 'not-applicable', start);

const stats = { facts: 0, operators: 0, expanded: 0, evaluated: 42, generated: 0, milliseconds: 0 };
const nowhere: SearchResult = { kind: 'unsolvable', reason: 'mug cannot be had', stats };
const found = (...steps: readonly string[]): SearchResult => ({
  kind: 'solved',
  steps: steps.map((s) => ({ action: s.split(' ')[0]!, args: s.split(' ').slice(1), cost: 1 })),
  cost: steps.length,
  optimal: false,
  stats,
});
const tool = (id: string, body: ToolBody): Tool => ({
  id,
  space: 's',
  domain: 'larder',
  title: '',
  body,
  trust: 'active',
  createdAt: 0,
  evidence: { subgoals: [], successes: 0, failures: 0, pairs: 0, wins: 0, losses: 0, eValue: 1 },
});
const takeParameters = ['?r', '?c', '?s'];
const GUARD = tool('t-guard', { kind: 'guard', action: 'take', parameters: takeParameters, requires: '(open ?s)' });
const MACRO = tool('t-macro', {
  kind: 'macro',
  action: 'take',
  parameters: takeParameters,
  unless: '(open ?s)',
  first: [{ action: 'open', args: ['?r', '?s'] }],
});

/** A policy whose search answers from a list, or is the real one where the list is empty. */
function policy(tools: readonly Tool[], ...answers: readonly SearchResult[]) {
  const asked: PlanRequest[] = [];
  const plan = (request: PlanRequest): Promise<SearchResult> =>
    Promise.resolve(answers[asked.push(request) - 1] ?? solve(request));
  const made = new SearchPolicy({ domain, problem, agents: ['robby', 'ruby'], tools, taint: [], evaluated: 500, plan });
  const propose = async (question: {
    suggested?: readonly Action[];
    failures?: readonly Failure[];
    inherited?: readonly Failure[];
    facts?: readonly string[];
    condition?: string;
    owner?: string | null;
  }) => {
    const {
      suggested = [],
      failures = [],
      facts = start.facts,
      condition = '(has robby mug)',
      owner = 'robby',
      inherited,
    } = question;
    const context = {
      state: { facts, numbers: {} },
      condition,
      owner,
      failures,
      suggested,
      ...(inherited && { inherited }),
    } as unknown as Json;
    const { candidates, note } = await made.propose(context, new AbortController().signal);
    const proposal = candidates[0] as unknown as Proposal | undefined;
    return {
      proposal,
      note,
      skills: proposal?.steps.map((s) => s.action.skill),
      origins: proposal?.steps.map((s) => s.origin),
      asked,
    };
  };
  return { propose, asked };
}

describe('SearchPolicy', () => {
  it('takes a suggestion that still leads there, without searching', async () => {
    const { skills, origins, proposal, asked } = await policy([]).propose({ suggested: [TAKE] });
    expect(skills).toEqual(['take']);
    expect(origins).toEqual(['suggested']);
    expect(proposal!.steps[0]).toMatchObject({
      action: TAKE,
      needs: ['(at mug top)'],
      expects: { added: ['(has robby mug)'], removed: ['(at mug top)'] },
    });
    expect(asked).toEqual([]);
  });

  it('searches where the suggestion no longer runs, or does not reach the condition', async () => {
    const gone = await policy([], found('open robby top', 'take robby mug top')).propose({ suggested: [TAKE, TAKE] });
    expect(gone.skills).toEqual(['open', 'take']);
    expect(gone.origins).toEqual(['search', 'search']);
    const short = await policy([]).propose({ suggested: [OPEN] });
    expect(short.skills).toEqual(['take']);
  });

  it('does not suggest again what failed while all about it is as it was', async () => {
    const { asked } = await policy([], found('open robby top', 'take robby mug top')).propose({
      suggested: [TAKE],
      failures: [refusedShut],
    });
    expect(asked[0]!.avoid).toEqual([
      { action: '(take robby mug top)', while: expect.arrayContaining(['(at mug top)', '(not (open top))']) },
    ]);
  });

  it('suggests it again once something about it has changed, be it before or by the suggestion itself', async () => {
    expect(
      (await policy([]).propose({ suggested: [TAKE], failures: [refusedShut], facts: ['(at mug top)', '(open top)'] }))
        .origins,
    ).toEqual(['suggested']);
    expect((await policy([]).propose({ suggested: [OPEN, TAKE], failures: [refusedShut] })).origins).toEqual([
      'suggested',
      'suggested',
    ]);
  });

  it('does not suggest what would fail again when its turn comes', async () => {
    const failedOpen = makeFailure(TAKE, 'not-applicable', makeState(['(at mug top)', '(open top)']));
    expect(
      (await policy([], nowhere).propose({ suggested: [OPEN, TAKE], failures: [failedOpen] })).proposal,
    ).toBeUndefined();
  });

  it('does not make a goal unreachable for good by what others saw refused; what was refused here stays forbidden', async () => {
    const failedOpen = makeFailure(TAKE, 'not-applicable', makeState(['(at mug top)', '(open top)']));
    const both = [refusedShut, failedOpen];
    expect((await policy([]).propose({ failures: both })).skills).toBeUndefined();
    expect((await policy([]).propose({ failures: both, inherited: [] })).skills).toBeUndefined();
    expect((await policy([]).propose({ failures: both, inherited: both })).skills).toEqual(['take']);
    expect((await policy([]).propose({ failures: both, inherited: [failedOpen] })).skills).toEqual(['open', 'take']);
  });

  it('finds a way round a failure by itself', async () => {
    expect((await policy([]).propose({ failures: [refusedShut] })).skills).toEqual(['open', 'take']);
  });

  it("mends a suggestion with a macro of the archive, and says which steps are the tool's", async () => {
    const { skills, origins, proposal } = await policy([GUARD, MACRO]).propose({ suggested: [TAKE] });
    expect(skills).toEqual(['open', 'take']);
    expect(origins).toEqual(['t-macro', 'suggested']);
    expect(proposal!.steps[0]!.action).toEqual(OPEN);
    expect([...proposal!.tools].sort()).toEqual(['t-guard', 't-macro']);
  });

  it('plans by a guard alone where there is no macro, and names the guard', async () => {
    const { skills, proposal, asked } = await policy([GUARD]).propose({ suggested: [TAKE] });
    expect(skills).toEqual(['open', 'take']);
    expect(proposal!.tools).toEqual(['t-guard']);
    expect(asked[0]!.guards).toMatchObject([{ action: 'take', requires: '(open ?s)' }]);
  });

  it('leaves a macro alone where its literal holds already', async () => {
    const { skills, proposal } = await policy([MACRO]).propose({
      suggested: [TAKE],
      facts: ['(at mug top)', '(open top)'],
    });
    expect(skills).toEqual(['take']);
    expect(proposal!.tools).toEqual([]);
  });

  it("plans for the owner's body only", async () => {
    expect((await policy([]).propose({ condition: '(has ruby mug)', owner: 'ruby' })).asked[0]!.without).toEqual([
      'robby',
    ]);
    expect((await policy([]).propose({ owner: null })).asked[0]!.without).toEqual([]);
  });

  it('tries what slipped again where nothing else is left, but never what was refused', async () => {
    const slipped = makeFailure(OPEN, 'effect-mismatch', start);
    const { asked, skills } = await policy([], nowhere).propose({ failures: [refusedShut, slipped] });
    expect(asked.map((r) => r.avoid!.map((a) => a.action))).toEqual([
      ['(take robby mug top)', '(open robby top)'],
      ['(take robby mug top)'],
    ]);
    expect(skills).toEqual(['open', 'take']);
    expect((await policy([], nowhere).propose({ failures: [refusedShut] })).asked).toHaveLength(1);
  });

  it.each<[SearchResult, RegExp]>([
    [
      nowhere,
      /proved that no plan reaches \(has robby mug\) from here, with 1 failed actions ruled out: mug cannot be had/,
    ],
    [{ kind: 'spent', budget: 'evaluated', stats }, /no plan .* budget of evaluated/],
    [{ kind: 'cancelled', stats }, /cancelled/],
    [found('wash robby mug'), /does not pass the check: .*\(has robby mug\)/],
  ])('says why it has no proposal: %j', async (result, note) => {
    expect(await policy([], result).propose({ failures: [refusedShut] })).toMatchObject({
      proposal: undefined,
      note: expect.stringMatching(note),
    });
  });

  it('proposes nothing to do where the condition holds', async () => {
    expect((await policy([]).propose({ facts: ['(has robby mug)'] })).skills).toEqual([]);
  });
});
