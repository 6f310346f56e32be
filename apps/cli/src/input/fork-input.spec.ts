import type { SkillManifest } from '@praxis/core';
import { parseAction } from './action-input.js';
import { parseChange, parsePoint, readChanges } from './fork-input.js';

const invalid = (words: string): Error =>
  expect.objectContaining({ code: 'invalid', message: expect.stringContaining(words) }) as Error;
const changes = (...said: readonly string[]) => readChanges(said.map(parseChange));

describe('parsePoint', () => {
  it('takes a number in the run, or a step of a subgoal', () => {
    expect(parsePoint('12')).toEqual({ step: 12 });
    expect(parsePoint('r-3f9k.1.2.1:3')).toEqual({ subgoal: 'r-3f9k.1.2.1', step: 3 });
  });

  it.each(['', '-1', '1.5', 'r-3f9k:3', 'r-3f9k.1.2.1', 'r-3f9k.1.2.1:', 'last'])(
    'says what a step looks like where it gets %p',
    (text) => {
      expect(() => parsePoint(text)).toThrow(invalid('praxis show RUN --steps'));
    },
  );
});

describe('changes of a fork', () => {
  it('are none unless something is set', () =>
    expect(changes()).toEqual({ seed: null, strategy: null, freshArchive: false, action: null, args: null }));

  it('are what is set, values with = included', () => {
    expect(changes('seed=a=b', 'archive=now')).toMatchObject({ seed: 'a=b', freshArchive: true });
    expect(changes('action=(open robby fridge)')).toMatchObject({ action: '(open robby fridge)' });
    expect(changes('args={"x":1}', 'strategy=search')).toMatchObject({ args: { x: 1 }, strategy: 'search' });
  });

  it.each(['seed', 'seed=', '=7', 'colour=blue', ''])('are told by name where one is %p', (text) => {
    expect(() => changes(text)).toThrow(invalid('seed, strategy, archive, action, args'));
  });

  it('cannot say two things at once', () => {
    expect(() => changes('seed=1', 'seed=2')).toThrow(invalid('twice'));
    expect(() => changes('action=(a)', 'args={}')).toThrow(invalid('only its args'));
    expect(() => changes('archive=yesterday')).toThrow(invalid('archive=now'));
    expect(() => changes('args=[1]')).toThrow(invalid('{"x":1}'));
  });
});

describe('parseAction', () => {
  const skills: readonly SkillManifest[] = [
    {
      name: 'open',
      summary: '',
      parameters: [
        { name: 'r', type: 'robot' },
        { name: 'c', type: 'container' },
      ],
      effect: 'reversible',
      keyed: true,
      source: 'world:household',
    },
    {
      name: 'pay',
      summary: '',
      parameters: [
        { name: 'to', type: 'string' },
        { name: 'amount', type: 'number' },
      ],
      effect: 'irreversible',
      keyed: true,
      source: 'file',
    },
    { name: 'wait', summary: '', parameters: [], effect: 'pure', keyed: true, source: 'builtin' },
  ];

  it('names the arguments as the skill does', () => {
    expect(parseAction('(open robby fridge)', skills)).toEqual({ skill: 'open', args: { r: 'robby', c: 'fridge' } });
    expect(parseAction(' (pay "the acme company" 12) ', skills)).toEqual({
      skill: 'pay',
      args: { to: 'the acme company', amount: 12 },
    });
    expect(parseAction('(wait)', skills)).toEqual({ skill: 'wait', args: {} });
  });

  it('says what is wrong with it', () => {
    for (const text of ['', 'open robby fridge', '()', 'open'])
      expect(() => parseAction(text, skills)).toThrow(invalid('(move robot1 hall)'));
    expect(() => parseAction('(close robby)', skills)).toThrow(
      expect.objectContaining({ code: 'missing', message: expect.stringContaining('praxis skills') }),
    );
    expect(() => parseAction('(open robby)', skills)).toThrow(invalid('r, c'));
    expect(() => parseAction('(pay acme much)', skills)).toThrow(invalid('not JSON'));
  });
});
