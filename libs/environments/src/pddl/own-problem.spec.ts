import { actionSchema } from '@praxis/core';
import { parseDomain } from '@praxis/search';
import * as fc from 'fast-check';
import { MemorySessions } from '../memory-sessions.js';
import { PddlWorld } from './pddl-world.js';
import { skillsOf } from './rules.js';
import { ownProblems } from './world-kind.js';

let sessions = 0;
async function open(domain: string, problem: string) {
  sessions += 1;
  const world = new PddlWorld(ownProblems(), new MemorySessions());
  return world.open({ scenario: '', problem: { domain, problem }, seed: '1', sessionId: `s-${sessions}` });
}

const HOST_NAMES = [
  '__proto__',
  'constructor',
  'tostring',
  'hasownproperty',
  'valueof',
  'prototype',
  'number',
  'not',
  'either',
  'x-1',
];

describe("a world of the caller's own problem", () => {
  it('does an action whatever its parameters, objects, types and predicates are called', async () => {
    const four = fc.shuffledSubarray(HOST_NAMES, { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        four,
        four,
        fc.constantFrom(...HOST_NAMES.filter((name) => name !== 'not')),
        async (parameters, objects, word) => {
          const typed = parameters.map((name) => `?${name} - ${word}`).join(' ');
          const used = parameters.map((name) => `?${name}`).join(' ');
          const domain = `(define (domain ${word}) (:types ${word}) (:predicates (${word} ${typed}) (done ${typed}))
          (:action ${word} :parameters (${typed}) :precondition (${word} ${used}) :effect (done ${used})))`;
          const problem = `(define (problem p) (:domain ${word}) (:objects ${objects.join(' ')} - ${word})
          (:init (${word} ${objects.join(' ')})) (:goal (done ${objects.join(' ')})))`;
          const session = await open(domain, problem);
          const [legal, ...others] = await session.legal!();
          expect(others).toEqual([]);
          const action = actionSchema.parse(JSON.parse(JSON.stringify(legal)));
          expect(Object.values(action.args)).toEqual(objects);
          expect((await session.act(action, 'k')).result).toMatchObject({ ok: true });
          expect((await session.observe()).facts).toContain(`(done ${objects.join(' ')})`);
          // An argument that was not given is missing, and is not what every object inherits.
          const [first, ...rest] = Object.entries(action.args);
          const refused = await session.act({ ...action, args: Object.fromEntries(rest) }, 'l');
          expect(refused.result).toMatchObject({
            ok: false,
            code: 'invalid-args',
            message: expect.stringContaining(`${first![0]} of`),
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets an object of two types do what either can, and takes types with several parents', async () => {
    const domain = `(define (domain d) (:types person agent - object porter - person porter - agent guide - person)
      (:predicates (met ?p - person) (led ?g - guide) (moved ?a - agent))
      (:action meet :parameters (?p - person) :precondition (not (met ?p)) :effect (met ?p))
      (:action lead :parameters (?g - guide) :precondition (not (led ?g)) :effect (led ?g))
      (:action move :parameters (?a - agent) :precondition (not (moved ?a)) :effect (moved ?a)))`;
    const problem =
      '(define (problem p) (:domain d) (:objects ann bob - porter ann - guide) (:init) (:goal (and (met ann) (led ann) (moved ann))))';
    const session = await open(domain, problem);
    expect((await session.briefing()).agents).toEqual(['ann', 'bob']);
    expect((await session.legal!()).map(({ skill, args }) => [skill, ...Object.values(args)].join(' ')).sort()).toEqual(
      ['lead ann', 'meet ann', 'meet bob', 'move ann', 'move bob'],
    );
    for (const [i, [skill, parameter]] of [
      ['meet', 'p'],
      ['lead', 'g'],
      ['move', 'a'],
    ].entries()) {
      expect((await session.act({ skill: skill!, args: { [parameter!]: 'ann' } }, String(i))).result.ok).toBe(true);
    }
    expect((await session.act({ skill: 'lead', args: { g: 'bob' } }, '9')).result).toMatchObject({
      ok: false,
      message: expect.stringContaining('bob is of type porter'),
    });
  });
});

describe('skillsOf', () => {
  it('tells a type of objects that is called as a type of JSON from that type', () => {
    const domain = parseDomain(
      '(define (domain d) (:types number disc) (:action a :parameters (?n - number ?d - disc ?e - (either number disc))))',
    );
    expect(skillsOf(domain, 'world:pddl')[0]!.parameters.map(({ type }) => type)).toEqual([
      'number object',
      'disc',
      'number or disc',
    ]);
  });
});
