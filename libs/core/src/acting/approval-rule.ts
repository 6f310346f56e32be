import { z } from 'zod';
import { effectClassSchema, type EffectClass } from '../values/action.js';
import { PraxisError } from '../values/errors.js';

/**
 * Longest name or pattern in a rule, in characters, and most rules that a goal may bring. Checked where goals are
 * taken.
 */
export const RULE_LIMITS = { characters: 200, rules: 100 } as const;

/**
 * Whether an action may be done: `allow`, `ask` a person first, or `deny`. What a rule does not name fits everything.
 */
export const approvalRuleSchema = z.object({
  decision: z.enum(['allow', 'ask', 'deny']),
  effect: z.array(effectClassSchema).nullable().default(null),
  /** Name of a skill; `*` stands for any text. */
  skill: z.string().nullable().default(null),
  world: z.string().nullable().default(null),
  tenant: z.string().nullable().default(null),
  /** Only actions with untrusted parts. */
  tainted: z.boolean().default(false),
  /** How long a person has, in milliseconds; null: for ever. */
  expiresMs: z.number().int().positive().nullable().default(null),
});
export type ApprovalRule = z.infer<typeof approvalRuleSchema>;

/** What rules look at. */
export interface ActionRequest {
  readonly effect: EffectClass;
  readonly skill: string;
  readonly world: string;
  readonly tenant: string;
  readonly taint: readonly string[];
}

/** Untrusted text never decides an irreversible action alone; only a deployment's own rule can say otherwise. */
const LAST_RULES: readonly ApprovalRule[] = [
  approvalRuleSchema.parse({ decision: 'ask', effect: ['irreversible', 'unknown'], tainted: true }),
];
const ALLOWED: ApprovalRule = approvalRuleSchema.parse({ decision: 'allow' });

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const;

/**
 * Of the deployment's rules and of the goal's the first that fits decides; of the two the stricter stands, so that a
 * goal can only tighten. Where no rule fits, the action is allowed.
 */
export function judge(
  deployment: readonly ApprovalRule[],
  goal: readonly ApprovalRule[],
  request: ActionRequest,
): ApprovalRule {
  const first = (rules: readonly ApprovalRule[]): ApprovalRule => rules.find((rule) => fits(rule, request)) ?? ALLOWED;
  const [theirs, own] = [first([...deployment, ...LAST_RULES]), first(goal)];
  return STRICTNESS[own.decision] > STRICTNESS[theirs.decision] ? own : theirs;
}

function fits(rule: ApprovalRule, request: ActionRequest): boolean {
  if (rule.effect !== null && !rule.effect.includes(request.effect)) return false;
  if (rule.skill !== null && !matchesPattern(rule.skill, request.skill)) return false;
  if (rule.world !== null && rule.world !== request.world) return false;
  if (rule.tenant !== null && rule.tenant !== request.tenant) return false;
  return !rule.tainted || request.taint.length > 0;
}

/**
 * Whether a text fits a pattern in which `*` stands for any text. Goes back to the last `*` only, so that the time is
 * bounded by the product of the two lengths, whatever a caller wrote.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let i = 0; i < text.length;) {
    if (at < pattern.length && pattern[at] === '*') [star, retry] = [at++, i];
    else if (at < pattern.length && pattern[at] === text[i]) [at, i] = [at + 1, i + 1];
    else if (star < 0) return false;
    else [at, i] = [star + 1, ++retry];
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

const HELP =
  'write a rule as `ask effect=irreversible|unknown skill=pay* world=shop tenant=acme tainted expires=3600` (allow, ask or deny first; expires in seconds)';

/** Reads a rule as people write it: `ask effect=irreversible skill=pay* tainted expires=3600`. */
export function parseApprovalRule(text: string): ApprovalRule {
  const [decision, ...words] = text.trim().split(/\s+/);
  const fields: Record<string, unknown> = { decision };
  for (const word of words) {
    const [, name, value] = /^(effect|skill|world|tenant|tainted|expires)(?:=(.+))?$/.exec(word) ?? [];
    if (name === undefined || (name === 'tainted') !== (value === undefined))
      throw new PraxisError('invalid', `"${word}" in the approval rule "${text}" is not understood; ${HELP}.`);
    if (name === 'tainted') fields['tainted'] = true;
    else if (name === 'effect') fields['effect'] = value!.split('|');
    else if (name === 'expires') fields['expiresMs'] = Number(value) * 1000;
    else fields[name] = value;
  }
  const rule = approvalRuleSchema.safeParse(fields);
  if (!rule.success)
    throw new PraxisError(
      'invalid',
      `The approval rule "${text}" is not understood: ${rule.error.issues[0]!.path.join('.')} ${rule.error.issues[0]!.message}; ${HELP}.`,
    );
  return rule.data;
}
