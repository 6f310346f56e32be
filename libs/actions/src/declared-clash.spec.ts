import type { SkillManifest } from '@praxis/core';
import { actionNames, clashingSkill, isOwnSkill } from './declared-clash.js';

const skill = (name: string, source: string): SkillManifest => ({
  name,
  summary: '',
  parameters: [],
  effect: 'pure',
  keyed: false,
  source,
});

describe('a declared skill with the name of a world action', () => {
  it.each([
    ['(define (domain d) (:action move :parameters ()) (:ACTION Take-Off))', ['move', 'take-off']],
    ['; (:action old)\n( :action\n  new :parameters ())', ['new']],
    ['(:durative-action wait)', ['wait']],
    ['(define (domain', []],
    ['', []],
  ])('is found in any text, readable or not: %j', (domain, names) => expect(actionNames(domain)).toEqual(names));

  it('clashes unless it performs the action', () => {
    const actions = ['move', 'send'];
    expect(clashingSkill([skill('list', 'http:h'), skill('send', 'http:h')], actions)?.name).toBe('send');
    expect(clashingSkill([skill('send', 'module:own.mjs')], actions)?.name).toBe('send');
    expect(clashingSkill([skill('send', 'builtin')], actions)).toBeNull();
    expect(clashingSkill([skill('send', 'http:h, world:pddl'), skill('list', 'http:h')], actions)).toBeNull();
    expect(isOwnSkill(skill('send', 'world:pddl'))).toBe(false);
  });
});
