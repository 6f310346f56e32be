import * as fc from 'fast-check';
import type { Json } from '@praxis/core';
import { candidateText, intentionSchema, readActorCandidates, readCandidates } from './candidates.js';
import { act } from '../fixtures/house.js';

describe('readActorCandidates', () => {
  it('takes equal ones as one, and puts first what most samples proposed', () => {
    const read = readActorCandidates([
      act('wave', { times: 2 }),
      act('go hall'),
      { kind: 'done', why: 'a' },
      act('go hall', { times: 2, why: 'another reason' }),
      { kind: 'done', why: 'b' },
    ]);
    expect(read.map((c) => [candidateText(c), c.times])).toEqual([
      ['(go hall)', 3],
      ['(wave)', 2],
      ['done', 2],
    ]);
  });

  it('tells actions apart by their arguments, and questions by their words', () => {
    expect(
      readActorCandidates([
        act('go hall'),
        act('go study'),
        { kind: 'ask', question: 'a?' },
        { kind: 'ask', question: 'b?' },
      ]),
    ).toHaveLength(4);
  });

  it('passes over whatever is none', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue() as fc.Arbitrary<Json>), (candidates) =>
        expect(readActorCandidates([...candidates, act('wave')]).map(candidateText)).toContain('(wave)'),
      ),
    );
    expect(
      readActorCandidates([
        { kind: 'act', action: { skill: '', args: {} } },
        { kind: 'ask', question: '' },
        { kind: 'act', action: 'wave' },
        act('wave', { times: 0 }),
        null,
      ]),
    ).toEqual([]);
  });
});

describe('intentionSchema', () => {
  it('does not take what an actor says for an intention', () => {
    expect(readCandidates(intentionSchema, [act('wave'), { kind: 'done' }])).toEqual([]);
    expect(readCandidates(intentionSchema, [{ actions: [] }])).toEqual([
      { actions: [], conditions: [], why: '', taint: [] },
    ]);
  });
});
