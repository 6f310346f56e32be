import * as fc from 'fast-check';
import { effectClassSchema } from '../values/action.js';
import {
  approvalRuleSchema,
  judge,
  matchesPattern,
  parseApprovalRule,
  type ActionRequest,
  type ApprovalRule,
} from './approval-rule.js';

const word = fc.constantFrom('pay', 'pay_all', 'look', 'shop', 'a.b', 'x');
const effects = fc.constantFrom(...effectClassSchema.options);
const rules = fc.record({
  decision: fc.constantFrom<ApprovalRule['decision']>('allow', 'ask', 'deny'),
  effect: fc.option(fc.uniqueArray(effects, { minLength: 1 })),
  skill: fc.option(fc.constantFrom('pay*', '*', 'look', 'a.b', '*_all')),
  world: fc.option(word),
  tenant: fc.option(word),
  tainted: fc.boolean(),
  expiresMs: fc.option(fc.integer({ min: 1, max: 1e6 }).map((s) => s * 1000)),
});
const requests: fc.Arbitrary<ActionRequest> = fc.record({
  effect: effects,
  skill: word,
  world: word,
  tenant: word,
  taint: fc.constantFrom([], ['mail']),
});
const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const;
const request = (more: Partial<ActionRequest> = {}): ActionRequest => ({
  effect: 'irreversible',
  skill: 'pay',
  world: 'shop',
  tenant: 'acme',
  taint: [],
  ...more,
});
const rule = (text: string): ApprovalRule => parseApprovalRule(text);

describe('judge', () => {
  it('lets a goal tighten and never loosen what the deployment says', () => {
    fc.assert(
      fc.property(
        fc.array(rules, { maxLength: 4 }),
        fc.array(rules, { maxLength: 4 }),
        requests,
        (deployment, goal, asked) => {
          const alone = judge(deployment, [], asked);
          const both = judge(deployment, goal, asked);
          expect(STRICTNESS[both.decision]).toBeGreaterThanOrEqual(STRICTNESS[alone.decision]);
          if (both.decision !== alone.decision) expect(goal).toContainEqual(both);
          expect(judge(deployment, [approvalRuleSchema.parse({ decision: 'deny' }), ...goal], asked).decision).toBe(
            'deny',
          );
        },
      ),
    );
  });

  it('takes the first rule that fits, whatever comes after it', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 4 }), rules, requests, (before, extra, asked) => {
        const decided = judge([...before, approvalRuleSchema.parse({ decision: 'deny' })], [], asked);
        expect(judge([...before, approvalRuleSchema.parse({ decision: 'deny' }), extra], [], asked)).toEqual(decided);
      }),
    );
  });

  it('allows what no rule names, except what untrusted text would have done that cannot be taken back', () => {
    expect(judge([], [], request()).decision).toBe('allow');
    expect(judge([], [], request({ taint: ['mail'] })).decision).toBe('ask');
    expect(judge([], [], request({ taint: ['mail'], effect: 'unknown' })).decision).toBe('ask');
    expect(judge([], [], request({ taint: ['mail'], effect: 'reversible' })).decision).toBe('allow');
    expect(judge([], [rule('allow')], request({ taint: ['mail'] })).decision).toBe('ask');
    expect(judge([rule('allow skill=pay')], [], request({ taint: ['mail'] })).decision).toBe('allow');
  });

  it.each([
    ['ask effect=irreversible', {}, true],
    ['ask effect=pure|unknown', {}, false],
    ['ask skill=pa*', {}, true],
    ['ask skill=pa', {}, false],
    ['ask skill=p.y', {}, false],
    ['ask world=shop tenant=acme', {}, true],
    ['ask world=shop tenant=other', {}, false],
    ['ask tainted', {}, false],
    ['ask tainted', { taint: ['mail'] }, true],
  ] as const)('%s fits %j: %j', (text, more, fits) =>
    expect(judge([rule(text)], [], request({ effect: 'irreversible', ...more })).decision === 'ask').toBe(fits),
  );

  it('takes the rule of whoever is stricter, with its expiry', () => {
    expect(judge([rule('ask expires=60')], [rule('deny')], request()).decision).toBe('deny');
    expect(judge([rule('ask expires=60')], [rule('ask expires=5')], request()).expiresMs).toBe(60_000);
  });
});

describe('parseApprovalRule', () => {
  const print = (r: ApprovalRule): string =>
    [
      r.decision,
      r.effect && `effect=${r.effect.join('|')}`,
      r.skill !== null && `skill=${r.skill}`,
      r.world !== null && `world=${r.world}`,
      r.tenant !== null && `tenant=${r.tenant}`,
      r.tainted && 'tainted',
      r.expiresMs !== null && `expires=${r.expiresMs / 1000}`,
    ]
      .filter(Boolean)
      .join(' ');

  it('reads every rule back as it was written', () =>
    fc.assert(
      fc.property(rules, (r) => expect(parseApprovalRule(`  ${print(r).replaceAll(' ', '   ')} `)).toEqual(r)),
    ));

  it.each([
    '',
    'perhaps',
    'ask effect=harmless',
    'ask effect=',
    'ask skil=pay',
    'ask tainted=yes',
    'ask skill',
    'ask expires=soon',
    'ask expires=-1',
    'ask expires=0',
  ])('says what is wrong with %j, and how a rule is written', (text) => {
    expect(() => parseApprovalRule(text)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('write a rule as `ask effect=') }),
    );
  });
});

describe('matchesPattern', () => {
  const letters = (more: string) => fc.string({ unit: fc.constantFrom('a', 'b', '.', ...more), maxLength: 12 });

  it('fits what a regular expression with `.*` for `*` fits', () => {
    fc.assert(
      fc.property(letters('*'), letters(''), (pattern, text) => {
        const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${escaped}$`).test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('looks at a character of the text at most once for each one of the pattern, whatever a caller wrote', () => {
    const worst = [
      [`${'*a'.repeat(25)}*b`, 'a'.repeat(400)],
      ['*a*a*a*b*c', 'ab'.repeat(200)],
      ['*'.repeat(200), 'a'.repeat(400)],
      [`*${'a'.repeat(60)}b`, 'a'.repeat(400)],
    ] as const;
    for (const [pattern, text] of worst) {
      let reads = 0;
      const counted = new Proxy(Object(text) as object, {
        get: (target, key) =>
          typeof key === 'string' && /^\d+$/.test(key)
            ? (reads++, text[Number(key)])
            : Reflect.get(target, key, target),
      }) as unknown as string;
      matchesPattern(pattern, counted);
      expect(reads).toBeLessThanOrEqual(pattern.length * text.length);
    }
  });
});
