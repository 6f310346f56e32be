import type { ParsedCondition } from '@praxis/core';
import { MOST_LEVELS, fromParsedCondition, toParsedCondition } from './parsed-condition.js';
import { fromBriefing, fromVerdict, fromWorldInfo, toBriefing } from './world.js';

describe('what a world leaves out', () => {
  const info = { name: 'w', version: '1', summary: '', domain: '', skills: [], scenarios: [] };

  it('is not offered: neither without abilities nor clones without snapshots', () => {
    const none = { legal: false, snapshots: false, clones: false };
    expect(fromWorldInfo({ ...info, can: undefined }).offers).toEqual(none);
    expect(fromWorldInfo({ ...info, can: { legal: false, snapshot: false, clone: true } }).offers).toEqual(none);
    expect(fromWorldInfo({ ...info, can: { legal: true, snapshot: true, clone: false } }).offers).toEqual({
      legal: true,
      snapshots: true,
      clones: false,
    });
  });

  it('is null where it is the rules, which are empty texts on the wire; half of them is refused', () => {
    const briefing = { rules: null, condition: '(done)', agents: [] };
    expect(toBriefing(briefing)).toEqual({ domain: '', problem: '', condition: '(done)', agents: [] });
    expect(fromBriefing(toBriefing(briefing))).toEqual(briefing);
    for (const half of [{ domain: '(define …)' }, { problem: '(define …)' }])
      expect(() => fromBriefing({ ...toBriefing(briefing), ...half })).toThrow(/a domain and a problem, or neither/);
  });

  it('is said of the whole condition where it is the reason why it does not hold (environment.8)', () => {
    expect(fromVerdict({ holds: false, problems: [] }, '(done)').problems).toEqual(['(done) does not hold']);
    expect(fromVerdict({ holds: false, problems: ['It is dark.'] }, '(done)').problems).toEqual(['It is dark.']);
    expect(fromVerdict({ holds: true, problems: ['nothing'] }, '(done)').problems).toEqual([]);
  });
});

describe('a condition as structure', () => {
  const nested = (levels: number): ParsedCondition =>
    levels === 1
      ? { kind: 'atom', predicate: 'done', args: [] }
      : { kind: levels % 2 === 0 ? 'and' : 'or', parts: [nested(levels - 1)] };

  it('travels up to a depth that every reader of protobuf takes, and deeper only as text', () => {
    expect(fromParsedCondition(toParsedCondition(nested(MOST_LEVELS))!)).toEqual(nested(MOST_LEVELS));
    expect(toParsedCondition(nested(MOST_LEVELS + 1))).toBeUndefined();
  });

  it('is refused where a part is missing', () => {
    expect(() => fromParsedCondition({ kind: undefined })).toThrow('check.parsed.kind is missing');
  });
});
