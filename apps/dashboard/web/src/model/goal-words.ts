import type { ApprovalRule, Goal } from '../../../src/api.js';
import { amount } from './cost.js';
import { duration, number } from './words.js';

/** What a goal may cost, and what becomes of it then. */
export function budgetWords({ budget }: Goal): string {
  const { steps, replans, evaluated, calls, tokens, money, risk, wallMs, whenSpent } = budget;
  const bound = (value: number | null, noun: string): string[] => (value === null ? [] : [`${amount(value)} ${noun}`]);
  const bounds = [
    ...bound(steps, 'steps'),
    ...bound(calls, 'calls'),
    ...bound(tokens, 'tokens'),
    ...bound(money, 'money'),
    ...bound(risk, 'risk points'),
    ...(wallMs === null ? [] : [`${duration(wallMs)} of work`]),
    `${number(replans)} replans`,
    `${number(evaluated)} states per search`,
  ];
  return `${bounds.join(', ')}; when it is spent, ${whenSpent === 'ask' ? 'people are asked for more' : 'the run fails'}`;
}

/** An approval rule as it is typed: `ask effect=irreversible skill=pay* tainted`. */
export function ruleText({ decision, effect, skill, world, tenant, tainted, expiresMs }: ApprovalRule): string {
  const named = Object.entries({
    effect: effect?.join('|') ?? null,
    skill,
    world,
    tenant,
    expires: expiresMs === null ? null : String(expiresMs / 1000),
  });
  return [
    decision,
    ...named.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])),
    ...(tainted ? ['tainted'] : []),
  ].join(' ');
}
