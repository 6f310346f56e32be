import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { ObjectTable } from '../interpret/object-table.js';
import { printDomain } from './print.js';
import { parseDomain } from './read/read-domain.js';
import { parseProblem } from './read/read-problem.js';
import { TypeHierarchy } from './types/type-hierarchy.js';

const domainOf = (sections: string) => parseDomain(`(define (domain d) ${sections})`, 'd.pddl');
const problemOf = (domain: ReturnType<typeof domainOf>, sections: string) =>
  parseProblem(`(define (problem p) (:domain d) ${sections} (:goal (and)))`, domain, 'p.pddl');
const typesOf = (types: string) =>
  new Map([...domainOf(`(:types ${types})`).types].filter(([name]) => name !== 'object'));

describe('a type with several parents', () => {
  const both = new Map([
    ['b', ['object']],
    ['c', ['object']],
    ['a', ['b', 'c']],
  ]);

  it.each([
    ['b c - object a - b a - c', 'listed twice'],
    ['b c - object a - (either b c)', 'below either'],
    ['b c - object a - b a - c a - b', 'listed twice below the same parent'],
    ['a - b a - c a - object', 'listed below object as well'],
    ['a a - b a - c', 'listed without a parent as well'],
    ['a - (either b b) a - (either c object)', 'below either, with repetitions'],
  ])('is read from %s (%s)', (text) => {
    expect(new Map([...typesOf(text)].sort())).toEqual(new Map([...both].sort()));
  });

  it('is within each of them, and so are its objects', () => {
    const domain = domainOf(
      '(:types bin shed - place bay - yard yard pallet - floor yard - place) (:predicates (clear ?f - floor) (near ?p - place))',
    );
    const problem = problemOf(domain, '(:objects b - bay s - shed) (:init (clear b) (near b) (near s))');
    const table = new ObjectTable(domain, problem);
    expect(['floor', 'place', 'yard', 'bay', 'object', 'shed'].map((type) => table.isOf('b', [type]))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(table.ofTypes(['place'])).toEqual(['b', 's']);
    expect(() => problemOf(domain, '(:objects s - shed) (:init (clear s))')).toThrow('`s` is of type shed');
  });

  it('makes its parents meet, so that a variable of one may stand where the other is wanted', () => {
    const sections = '(:predicates (led ?g - guide)) (:action lead :parameters (?v - vip) :effect (led ?v))';
    expect(() => domainOf(`(:types vip guide) ${sections}`)).toThrow('`?v` is of type vip');
    expect(domainOf(`(:types vip guide both - vip both - guide) ${sections}`).actions).toHaveLength(1);
  });

  it('is printed and read back', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'e', 'f');
    const links = fc.array(
      fc.tuple(name, name).filter(([below, above]) => below < above),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(links, (links) => {
        const domain = domainOf(`(:types ${links.map(([below, above]) => `${below} - ${above}`).join(' ')})`);
        const again = parseDomain(printDomain(domain));
        const sorted = (types: typeof domain.types) =>
          [...types].map(([type, parents]) => [type, [...parents].sort()]).sort();
        expect(sorted(again.types)).toEqual(sorted(domain.types));
        const hierarchy = new TypeHierarchy(domain.types);
        for (const [below, above] of links) expect(hierarchy.isWithin([below], [above])).toBe(true);
        for (const type of domain.types.keys()) expect(hierarchy.isWithin([type], ['object'])).toBe(true);
      }),
    );
  });
});

describe('types that are odd', () => {
  it('reads a type that is listed below itself as one below `object`, with a warning', () => {
    const domain = domainOf('(:types shape disc ring - shape)');
    expect([...domain.types]).toEqual([
      ['object', []],
      ['shape', ['object']],
      ['disc', ['shape']],
      ['ring', ['shape']],
    ]);
    expect(domain.warnings).toEqual([
      'd.pddl:1:28: the type `shape` is listed below itself, which is left out; put "- object" behind the types before it',
    ]);
  });

  it('takes a type above `object` as one that holds every object, with a warning', () => {
    const domain = domainOf('(:types agent object - entity door) (:predicates (seen ?x - entity))');
    const problem = problemOf(domain, '(:objects a - agent d - door) (:init (seen a) (seen d))');
    expect(new ObjectTable(domain, problem).ofTypes(['entity'])).toEqual(['a', 'd']);
    expect(domain.warnings).toEqual([
      'd.pddl:1:43: `object` is the root of all types, so `entity` above it holds every object too',
    ]);
    expect(parseDomain(printDomain(domain)).types).toEqual(domain.types);
  });

  it.each(['a - b b - a', 'a - b b - c c - a', 'x - a a - b b - c c - b', 'a - b a - c c - a'])(
    'names the circle in %s and says what to do',
    (types) => {
      expect(() => domainOf(`(:types ${types})`)).toThrow(
        /the types run in a circle: (\w) - .*\1; name one of them below `object`/,
      );
    },
  );
});

describe('word boundaries', () => {
  const spaced =
    domainOf(`(:types boat pier far-pier - pier) (:predicates (at ?b - boat ?p - pier) (link ?a - pier ?b - pier) (x ?b - boat))
    (:action sail :parameters (?b - boat ?x ?y - pier) :precondition (and (at ?b ?x) (link ?x ?y) (x ?b)) :effect (at ?b ?y))`);
  const strip = (domain: typeof spaced) =>
    JSON.parse(JSON.stringify({ ...domain, types: [...domain.types] }).replaceAll(/"(line|column)":\d+/g, '"$1":0'));

  it.each([
    [
      'a variable begins a word of its own',
      '(at ?b - boat?p - pier) (link?a - pier?b - pier) (x?b - boat)',
      '?b - boat?x?y - pier',
      '(at?b?x)',
    ],
    [
      'a dash may be glued to the type',
      '(at ?b -boat ?p -pier) (link ?a -pier ?b -pier) (x ?b -boat)',
      '?b -boat ?x ?y -pier',
      '(at ?b ?x)',
    ],
    [
      'a dash may be glued to the variable',
      '(at ?b- boat ?p- pier) (link ?a- pier ?b- pier) (x ?b- boat)',
      '?b- boat ?x ?y- pier',
      '(at ?b ?x)',
    ],
    ['both', '(at?b -boat?p -pier) (link?a -pier?b -pier) (x?b -boat)', '?b -boat?x?y -pier', '(at?b?x)'],
  ])('%s', (_, predicates, parameters, atom) => {
    const domain = domainOf(`(:types boat pier far-pier - pier) (:predicates ${predicates})
    (:action sail :parameters (${parameters}) :precondition (and ${atom} (link?x?y) (x?b)) :effect (at?b?y))`);
    expect(strip(domain)).toEqual(strip(spaced));
  });

  it('keeps dashes inside names, numbers with a sign, and a question mark at the end of a name', () => {
    const domain = domainOf('(:types far-pier n) (:predicates (free? ?x - far-pier) (next ?x ?y - n))');
    const problem = problemOf(
      domain,
      '(:objects p-1 p-2 -far-pier -1 0 -2 - n) (:init (free? p-1) (next -1 0) (next -2 -1))',
    );
    expect(problem.objects.map(({ name, types }) => `${name}:${types.join()}`)).toEqual([
      'p-1:far-pier',
      'p-2:far-pier',
      '-1:n',
      '0:n',
      '-2:n',
    ]);
  });
});

describe('lists that are odd', () => {
  it('takes the names in declarations as documentation: only their number and types count', () => {
    const domain = domainOf('(:types t) (:predicates (at ?o ?o) (in ?o - t ?o)) (:functions (far ?x ?x))');
    expect(
      [...domain.predicates, ...domain.functions].map(({ parameters }) => parameters.map(({ types }) => types.join())),
    ).toEqual([
      ['object', 'object'],
      ['t', 'object'],
      ['object', 'object'],
    ]);
    expect(() => domainOf('(:action a :parameters (?x ?x))')).toThrow('`?x` stands twice in this list');
  });

  it('reads a type without names before it as nothing', () => {
    const domain = domainOf('(:types - object) (:predicates (p - object))');
    expect(domain.predicates).toEqual([{ name: 'p', parameters: [] }]);
    expect(domain.warnings).toHaveLength(1);
    const typed = domainOf('(:types t u)');
    const problem = problemOf(typed, '(:objects - t a - u - t b - t)');
    expect(problem.objects).toEqual([
      { name: 'a', types: ['u'] },
      { name: 'b', types: ['t'] },
    ]);
  });

  it('gives an object all the types it is listed with, and says so', () => {
    const domain = domainOf('(:types person guide vip - person) (:predicates (greeted ?v - vip) (led ?g - guide))');
    const problem = problemOf(
      domain,
      '(:objects p1 p2 - vip p2 - guide p1 - person p1 - vip) (:init (greeted p2) (led p2))',
    );
    expect(problem.objects).toEqual([
      { name: 'p1', types: ['vip'] },
      { name: 'p2', types: ['vip', 'guide'] },
    ]);
    expect(problem.warnings?.[0]).toBe(
      'p.pddl:1:55: `p2` is listed a second time; it is one object of type vip and guide',
    );
    const table = new ObjectTable(domain, problem);
    expect([table.isOf('p2', ['guide']), table.isOf('p2', ['vip']), table.isOf('p1', ['guide'])]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('gives a constant the narrower type that the problem lists it with', () => {
    const domain = domainOf('(:types room - place) (:constants home shop - place) (:predicates (tidy ?r - room))');
    expect(problemOf(domain, '(:objects home - place shop - object)').objects).toEqual([]);
    const problem = problemOf(domain, '(:objects kitchen home - room) (:init (tidy home))');
    expect(problem.objects).toEqual([
      { name: 'kitchen', types: ['room'] },
      { name: 'home', types: ['room'] },
    ]);
    expect(problem.warnings).toEqual([
      'p.pddl:1:51: `home` is a constant of the domain (place); it is of type room here',
    ]);
    expect(new ObjectTable(domain, problem).ofTypes(['place'])).toEqual(['home', 'shop', 'kitchen']);
    expect(() => problemOf(domain, '(:objects kitchen - room) (:init (tidy home))')).toThrow('`home` is of type place');
  });

  it('reads words with a meaning elsewhere as names of objects, types, predicates and actions', () => {
    const domain =
      domainOf(`(:types either when - object) (:constants not - when) (:predicates (and ?x ?y) (< ?x ?y) (at ?x) (= ?a ?b))
      (:action or :parameters (?when - either) :precondition (and (and ?when not) (not (and not ?when)) (not (= ?when not)))
        :effect (and (and not ?when) (< ?when not) (not (at ?when))))`);
    expect(domain.actions[0]!.precondition).toMatchObject({
      kind: 'and',
      parts: [{ kind: 'atom', predicate: 'and' }, { kind: 'not' }, { kind: 'not', part: { kind: 'equal' } }],
    });
    expect(domain.actions[0]!.effect).toMatchObject({
      parts: [
        { kind: 'add', predicate: 'and' },
        { kind: 'add', predicate: '<' },
        { kind: 'delete', predicate: 'at' },
      ],
    });
    const problem = problemOf(
      domain,
      '(:objects and or forall = + - either) (:init (at and) (at =) (and and or) (< or not))',
    );
    expect(problem.init.atoms.map(({ predicate, args }) => [predicate, ...args].join(' '))).toEqual([
      'at and',
      'at =',
      'and and or',
      '< or not',
    ]);
    expect(() => domainOf('(:predicates (not ?x))')).toThrow('"not" is reserved');
  });

  it('leaves out the types of objects where the domain declares none, but not where it declares others', () => {
    const problem = problemOf(domainOf('(:predicates (p ?x))'), '(:objects a b - block c) (:init (p a))');
    expect(problem.objects.map(({ types }) => types.join())).toEqual(['object', 'object', 'object']);
    expect(problem.warnings).toEqual(['p.pddl:1:49: the domain declares no types, so the type `block` is left out']);
    expect(() => problemOf(domainOf('(:types box)'), '(:objects a - bx)')).toThrow(
      'unknown type `bx`; did you mean `box`?',
    );
  });

  it('leaves out values of a function that is not declared, with one warning for each', () => {
    const problem = problemOf(
      domainOf('(:functions (f))'),
      '(:objects a b) (:init (= (f) 1) (= (far a b) 2) (= (far b a) 3) (= (total-cost) 0))',
    );
    expect(problem.init.numbers).toEqual(
      new Map([
        ['(f)', 1],
        ['(total-cost)', 0],
      ]),
    );
    expect(problem.warnings).toEqual([
      'p.pddl:1:69: the domain declares no function `far`, so its values are left out',
    ]);
  });

  it('reads a declaration that is repeated word for word, with a warning', () => {
    const domain = domainOf('(:types t) (:predicates (p ?x - t) (p ?y - t)) (:functions (f) (f))');
    expect([domain.predicates.length, domain.functions.length, domain.warnings?.length]).toEqual([1, 1, 2]);
  });
});

describe('metrics', () => {
  const domain = domainOf(
    '(:predicates (done)) (:functions (fun)) (:action a :effect (and (done) (increase (total-cost) 2)))',
  );
  const metricOf = (metric: string, of = domain) => problemOf(of, `(:metric ${metric})`);

  it('reads the time of a plan at any depth', () => {
    expect(metricOf('minimize (total-time)').metric).toBeNull();
    expect(metricOf('maximize (total-time)').metric).toMatchObject({ direction: 'maximize' });
    expect(metricOf('minimize (+ (total-cost) (* 2 (total-time)))').metric).toMatchObject({
      value: {
        parts: [{ kind: 'fluent' }, { parts: [{ kind: 'number' }, { kind: 'fluent', function: 'total-time' }] }],
      },
    });
  });

  it('reads the cost of a plan where the domain declares none', () => {
    expect(metricOf('minimize (total-cost)').metric).toMatchObject({
      value: { kind: 'fluent', function: 'total-cost' },
    });
    const { metric, warnings } = metricOf('minimize (total-cost)', domainOf('(:action a :effect ())'));
    expect(metric).toBeNull();
    expect(warnings?.[0]).toMatch('no action changes (total-cost)');
  });
});

describe('texts of other systems', () => {
  const lines = [
    '(define (domain odd)',
    '; a remark with ) and (',
    ' (:predicates (p ?x))',
    ' (:action a :parameters (?x) :precondition (p ?x)))',
  ];

  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
  ])('ends comments and counts lines at %s', (_, end) => {
    const text = lines.join(end);
    expect(parseDomain(text).actions).toHaveLength(1);
    expect(() => parseDomain(text.replace('(p ?x)))', '(q ?x)))'), 'd')).toThrow('d:4:45: unknown predicate `q`');
  });

  it.each(['\u00a0', '\u3000', '\u2003', '\u2028', '\u0000', '\ufeff', '\u0085'])(
    'takes %j as white space',
    (space) => {
      expect(parseDomain(`${space}(define${space}(domain${space}odd)${space})${space}`).name).toBe('odd');
    },
  );

  it.each([
    ['(define (domain od\u200bd))', 'd:1:19: found the invisible character U+200B; remove it'],
    ['(define (domain o\ufffd))', 'd:1:18: found a character that cannot be read; save the file as UTF-8'],
    [
      '# a remark\n(define (domain d))',
      'd:1:1: found "#", expected "(define (domain …) …)"; a comment begins with ";"',
    ],
    [
      '(define (domain d) (:types t) (:predicates (p ?x \u2013 t)))',
      'd:1:50: found "\u2013", which is not a hyphen; write "-" before a type',
    ],
  ])('names what is odd in %j', (text, message) => {
    expect(() => parseDomain(text, 'd')).toThrow(message);
  });
});

const FAULTS = fileURLToPath(new URL('../../../../../shared/data/faults', import.meta.url));
const folders = existsSync(FAULTS) ? readdirSync(FAULTS).filter((folder) => /^(0|1[0-5]|24|25)/.test(folder)) : [];

(folders.length > 0 ? describe : describe.skip)('collected odd files (skipped where ../shared/data is missing)', () => {
  it.each(folders)('reads every domain of %s', (folder) => {
    for (const file of readdirSync(`${FAULTS}/${folder}`).filter((name) => /^d.*\.pddl$/.test(name))) {
      expect(
        parseDomain(readFileSync(`${FAULTS}/${folder}/${file}`, 'utf8'), `${folder}/${file}`).actions.length,
      ).toBeGreaterThan(0);
    }
  });
});
