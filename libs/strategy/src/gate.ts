import {
  NO_COST,
  actionText,
  costText,
  digest,
  fingerprint,
  judge,
  makeQuestion,
  relevantFacts,
  riskOf,
  shortOf,
  type Action,
  type Allowance,
  type Answer,
  type ApprovalRule,
  type Cost,
  type Question,
  type SkillManifest,
  type StepEvent,
  type WorldState,
} from '@praxis/core';
import { approvalId, budgetId } from './question-ids.js';

/** What a run may do without asking. */
export interface Rules {
  readonly deployment: readonly ApprovalRule[];
  readonly goal: readonly ApprovalRule[];
  readonly world: string;
  readonly tenant: string;
  /** Milliseconds since 1970-01-01 UTC, for expiries. */
  now(): number;
}

/** A decided action at the gate. */
export interface Knock {
  readonly subgoal: string;
  readonly decided: Extract<StepEvent, { type: 'decided' }>;
  readonly manifest: SkillManifest;
  readonly key: string;
  /** The world as it is now, where a person has to decide. */
  readonly state: WorldState;
  readonly left: Allowance;
  readonly rules: Rules | null;
  /** What people said about this step so far. */
  readonly replies: ReadonlyMap<string, { readonly question: Question; readonly answer: Answer }>;
}

/** It may be done, a person must be asked first, or it may not be done. */
export type Verdict =
  | { readonly kind: 'open' }
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'shut'; readonly code: 'denied' | 'budget'; readonly message: string };

/** What an action costs beyond its being a step and a call. */
export function priceOf(manifest: SkillManifest): Cost {
  return { ...NO_COST, steps: 1, calls: 1, money: manifest.money ?? 0, risk: riskOf(manifest) };
}

/** Whether a person has to decide, for whom the world has to be looked at. */
export const wantsPerson = (knock: Pick<Knock, 'decided' | 'manifest' | 'rules'>): boolean => knock.rules !== null && ruleFor(knock, knock.rules).decision === 'ask';

function ruleFor({ decided, manifest: { effect, name } }: Pick<Knock, 'decided' | 'manifest'>, { deployment, goal, world, tenant }: Rules): ApprovalRule {
  return judge(deployment, goal, { effect, skill: name, world, tenant, taint: decided.taint });
}

/** The gate between deciding and doing: budget first, then the approval rules (S6). */
export function passGate(knock: Knock): Verdict {
  const paid = checkBudget(knock, priceOf(knock.manifest));
  return paid.kind === 'open' ? checkRules(knock) : paid;
}

function checkBudget(knock: Knock, price: Cost): Verdict {
  return checkFunds({ asker: knock.subgoal, id: knock.decided.id, what: actionText(knock.decided.action), left: knock.left, price, replies: knock.replies });
}

/** Whether something can be paid for; where it cannot, more is asked for, as often as it is granted. */
export function checkFunds(want: { readonly asker: string; readonly id: string; readonly what: string; readonly left: Allowance; readonly price: Cost; readonly replies: Knock['replies'] }): Verdict {
  const needs = shortOf(want.left, want.price);
  if (needs === null) return { kind: 'open' };
  const earlier = [...want.replies.values()].filter((r) => r.question.kind === 'budget');
  const refusal = earlier.find((r) => r.answer.verdict !== 'grant');
  if (refusal) return { kind: 'shut', code: 'budget', message: refusal.answer.reason || 'the budget is spent and no more was granted' };
  const id = budgetId(want.asker, { id: want.id, nth: earlier.length });
  return { kind: 'ask', question: makeQuestion({ id, kind: 'budget', text: `${want.what} needs ${costText(needs)} more than is left.`, needs }) };
}

function checkRules(knock: Knock): Verdict {
  const { decided, manifest, rules, replies } = knock;
  if (rules === null) return { kind: 'open' };
  const skill = manifest.name;
  const rule = ruleFor(knock, rules);
  if (rule.decision === 'allow') return { kind: 'open' };
  if (rule.decision === 'deny') return { kind: 'shut', code: 'denied', message: `${skill} is not allowed here: a rule denies it` };
  // Whoever wrote the arguments has approved them.
  if (decided.origin === 'person') return { kind: 'open' };
  const approvals = [...replies.values()].filter((r) => r.question.kind === 'approval');
  const refusal = approvals.find((r) => r.answer.verdict === 'reject' || r.answer.verdict === 'expired');
  if (refusal) return { kind: 'shut', code: 'denied', message: refusalText(refusal.answer, skill) };
  const print = fingerprint(decided.action, stateDigest(decided.action, knock.state));
  if (approvals.some((r) => r.answer.verdict === 'approve' && r.question.fingerprint === print)) return { kind: 'open' };
  return { kind: 'ask', question: approvalQuestion(knock, rules, { rule, print, nth: approvals.length }) };
}

const refusalText = ({ verdict, reason, by }: Answer, skill: string): string =>
  verdict === 'expired' ? `nobody approved ${skill} in time` : `${by} rejected ${skill}${reason === '' ? '' : `: ${reason}`}`;

/** What is true of the action's own arguments: what happens elsewhere in the world does not void an approval. */
function stateDigest(action: Action, state: WorldState): string {
  const objects = Object.values(action.args).filter((a): a is string => typeof a === 'string');
  return digest([...relevantFacts(state, objects)]);
}

function approvalQuestion({ subgoal, decided, manifest, key }: Knock, rules: Rules, { rule, print, nth }: { readonly rule: ApprovalRule; readonly print: string; readonly nth: number }): Question {
  const tainted = decided.taint.length > 0 ? `, with parts from untrusted text (${decided.taint.join(', ')})` : '';
  const again = nth > 0 ? ' What was approved before no longer fits the world.' : '';
  return makeQuestion({
    id: approvalId(subgoal, { id: decided.id, step: decided.step, print, nth }),
    kind: 'approval',
    text: `May ${actionText(decided.action)} be done? It is ${manifest.effect}${tainted}.${again}`,
    action: decided.action,
    effect: manifest.effect,
    key,
    fingerprint: print,
    taint: [...decided.taint],
    expiresAt: rule.expiresMs === null ? null : rules.now() + rule.expiresMs,
  });
}
