import { parseDomain } from '@praxis/search';
import { proposeGuard, proposeHint, proposeMacro, type Provenance } from './propose.js';

const domain = parseDomain(`(define (domain house)
  (:types room robot thing - object furniture cup - thing shelf oven - furniture)
  (:constants hall - room)
  (:predicates (at ?r - robot ?p - room) (in ?c - cup ?s - furniture) (open ?s - furniture) (has ?r - robot ?c - cup) (lit ?p - room) (hot ?o - oven) (seen ?c - cup))
  (:action take :parameters (?who - robot ?what - cup ?from - shelf ?here - room) :precondition (at ?who ?here) :effect (has ?who ?what))
  (:action open :parameters (?r - robot ?s - furniture ?p - room) :precondition (at ?r ?p) :effect (open ?s))
  (:action close :parameters (?r - robot ?s - furniture ?p - room) :precondition (at ?r ?p) :effect (not (open ?s)))
  (:action flash :parameters (?p - room) :effect (lit ?p))
  (:action glow :parameters (?p - room) :effect (lit ?p))
  (:action heat :parameters (?r - robot ?o - oven) :effect (hot ?o))
  (:action pass :parameters (?a ?b - room) :effect (and))
  (:action light-hall :parameters (?r - robot) :effect (lit hall))
  (:action spot :parameters (?c - cup ?o - oven) :effect (seen ?c)))`);
const action = (name: string) => domain.actions.find((a) => a.name === name)!;
const TAKE = action('take');
const from: Provenance = {
  space: 'lab',
  domain: 'house',
  subgoals: ['r-1.1.1.1'],
  contrast: { successes: 3, refusals: 2, suspects: [] },
  now: 7,
};
const suspect = (literal: string) => ({ literal, explains: 1 });
const macro = (literal: string, of = domain) => proposeMacro(of, TAKE, suspect(literal), from)?.body;

describe('proposeGuard', () => {
  it('is a candidate that says what it was learned from', () => {
    expect(proposeGuard(TAKE, suspect('(open ?from)'), from)).toMatchObject({
      space: 'lab',
      domain: 'house',
      trust: 'candidate',
      createdAt: 7,
      title: 'before take, make sure of (open ?from)',
      body: {
        kind: 'guard',
        action: 'take',
        parameters: ['?who', '?what', '?from', '?here'],
        requires: '(open ?from)',
      },
      evidence: { subgoals: ['r-1.1.1.1'], successes: 3, failures: 2, pairs: 0, wins: 0, losses: 0, eValue: 1 },
    });
  });

  it('has an id that depends on what it says and where it belongs, and on nothing else', () => {
    const { id } = proposeGuard(TAKE, suspect('(open ?from)'), from);
    expect(proposeGuard(TAKE, { literal: '(open ?from)', explains: 9 }, { ...from, now: 8, subgoals: [] }).id).toBe(id);
    expect(proposeGuard(TAKE, suspect('(not (open ?from))'), from).id).not.toBe(id);
    expect(proposeGuard(TAKE, suspect('(open ?from)'), { ...from, space: 'home' }).id).not.toBe(id);
    expect(proposeGuard(TAKE, suspect('(open ?from)'), { ...from, domain: 'depot' }).id).not.toBe(id);
  });
});

describe('proposeMacro', () => {
  it('binds what the literal names by place, and the robot and the room by their types', () => {
    expect(macro('(open ?from)')).toEqual({
      kind: 'macro',
      action: 'take',
      parameters: ['?who', '?what', '?from', '?here'],
      unless: '(open ?from)',
      first: [{ action: 'open', args: ['?who', '?from', '?here'] }],
    });
  });

  it('makes a literal false with an action that deletes it', () => {
    expect(macro('(not (open ?from))')).toMatchObject({
      first: [{ action: 'close', args: ['?who', '?from', '?here'] }],
    });
  });

  it.each([
    ['nothing brings the literal about', '(in ?what ?from)'],
    ['several actions do', '(lit ?here)'],
    ['the action that does is about an object that is not there', '(seen ?what)'],
  ])('proposes nothing where %s', (_why, literal) => expect(macro(literal)).toBeUndefined());

  it('does not take an action that is about one certain object for one about any', () => {
    const plain = { ...domain, actions: domain.actions.filter((a) => a.name !== 'flash' && a.name !== 'glow') };
    expect(macro('(lit ?here)', plain)).toBeUndefined();
  });

  it('does not guess which of two rooms is meant', () => {
    const pass = {
      ...action('pass'),
      parameters: [...action('pass').parameters, { name: '?s', types: ['shelf'] }, { name: '?r', types: ['robot'] }],
    };
    expect(proposeMacro(domain, pass, suspect('(open ?s)'), from)).toBeNull();
  });
});

describe('proposeHint', () => {
  it('says in words what was seen', () => {
    expect(proposeHint(TAKE, from).body).toEqual({
      kind: 'hint',
      action: 'take',
      text: 'take was refused 2 times and done 3 times; no single fact about its arguments tells why.',
    });
  });
});
