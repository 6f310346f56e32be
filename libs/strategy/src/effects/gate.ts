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
import { approvalId, budgetId } from '../contract/question-ids.js';

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
export interface GateRequest {
  readonly subgoal: string;
  readonly decided: Extract<StepEvent, { type: 'decided' }>;
  readonly manifest: SkillManifest;
  readonly key: string;
  /** The world as it is now, where a person has to decide. */
  readonly state: WorldState;
  readonly left: Allowance;
  readonly rules: Rules | null;
  /** Approvals of the same action that were not used up, by this run. */
  readonly approvals?: readonly Question[];
  /** What speaks against an action that a person wrote, before anything is sent. */
  readonly problem?: string | null;
  /** What people said about this step so far. */
  readonly replies: ReadonlyMap<string, { readonly question: Question; readonly answer: Answer }>;
}

/** It may be done, a person must be asked first, or it may not be done. */
export type Verdict =
  | { readonly kind: 'open' }
  | { readonly kind: 'ask'; readonly question: Question }
  | {
      readonly kind: 'shut';
      readonly code: 'denied' | 'budget';
      readonly message: string;
      /** For the rest of the run. */ readonly permanent?: boolean;
    };

/** What an action costs beyond its being a step and a call. */
export function priceOf(manifest: SkillManifest): Cost {
  return { ...NO_COST, steps: 1, calls: 1, money: manifest.money ?? 0, risk: riskOf(manifest) };
}

/** Whether a person has to decide, for whom the world has to be looked at. */
export const wantsPerson = (gateRequest: Pick<GateRequest, 'decided' | 'manifest' | 'rules'>): boolean =>
  gateRequest.rules !== null && ruleFor(gateRequest, gateRequest.rules).decision === 'ask';

function ruleFor(
  { decided, manifest: { effect, name } }: Pick<GateRequest, 'decided' | 'manifest'>,
  { deployment, goal, world, tenant }: Rules,
): ApprovalRule {
  return judge(deployment, goal, { effect, skill: name, world, tenant, taint: decided.taint });
}

/** The gate between deciding and doing: budget first, then the approval rules (S6). */
export function passGate(gateRequest: GateRequest): Verdict {
  const paid = checkBudget(gateRequest, priceOf(gateRequest.manifest));
  return paid.kind === 'open' ? checkRules(gateRequest) : paid;
}

function checkBudget(gateRequest: GateRequest, price: Cost): Verdict {
  return checkFunds({
    asker: gateRequest.subgoal,
    id: gateRequest.decided.id,
    what: actionText(gateRequest.decided.action),
    left: gateRequest.left,
    price,
    replies: gateRequest.replies,
  });
}

/** Whether something can be paid for; where it cannot, more is asked for, as often as it is granted. */
export function checkFunds(want: {
  readonly asker: string;
  readonly id: string;
  readonly what: string;
  readonly left: Allowance;
  readonly price: Cost;
  readonly replies: GateRequest['replies'];
}): Verdict {
  const needs = shortOf(want.left, want.price);
  if (needs === null) return { kind: 'open' };
  const earlier = [...want.replies.values()].filter((r) => r.question.kind === 'budget');
  const refusal = earlier.find((r) => r.answer.verdict !== 'grant');
  if (refusal)
    return {
      kind: 'shut',
      code: 'budget',
      message: refusal.answer.reason || 'the budget is spent and no more was granted',
    };
  const id = budgetId(want.asker, { id: want.id, nth: earlier.length });
  return {
    kind: 'ask',
    question: makeQuestion({
      id,
      kind: 'budget',
      text: `${want.what} needs ${costText(needs)} more than is left.`,
      needs,
    }),
  };
}

function checkRules(gateRequest: GateRequest): Verdict {
  const { decided, manifest, rules, replies } = gateRequest;
  if (rules === null) return { kind: 'open' };
  const skill = manifest.name;
  const rule = ruleFor(gateRequest, rules);
  if (rule.decision === 'allow') return { kind: 'open' };
  if (rule.decision === 'deny') return denied(ruleDenies(skill));
  const approvals = [...replies.values()].filter((r) => r.question.kind === 'approval');
  const refusal = approvals.find((r) => r.answer.verdict === 'reject' || r.answer.verdict === 'expired');
  if (refusal) return denied(refusalText(refusal.answer, skill));
  // Whoever wrote the arguments has approved them.
  if (decided.origin === 'person')
    return gateRequest.problem == null
      ? { kind: 'open' }
      : {
          kind: 'ask',
          question: invalidAnswerReason(gateRequest, rules, {
            rule,
            problem: gateRequest.problem,
            nth: approvals.length,
          }),
        };
  const print = fingerprint(decided.action, stateDigest(decided.action, gateRequest.state));
  if (approvals.some((r) => r.answer.verdict === 'approve' && r.question.fingerprint === print))
    return { kind: 'open' };
  // What was approved, failed and changed nothing is still approved, as long as the approval itself holds (S6).
  const holds = ({ fingerprint: found, expiresAt }: Question): boolean =>
    found === print && (expiresAt === null || rules.now() <= expiresAt);
  if (approvals.length === 0 && gateRequest.approvals?.some(holds) === true) return { kind: 'open' };
  return { kind: 'ask', question: approvalQuestion(gateRequest, rules, { rule, print, nth: approvals.length }) };
}

const denied = (message: string): Verdict => ({ kind: 'shut', code: 'denied', message, permanent: true });

/** Why a skill is denied, in the words of everything that avoids it. */
export const ruleDenies = (skill: string): string => `denied by a rule: ${skill} is not allowed here`;

const refusalText = ({ verdict, reason, by }: Answer, skill: string): string =>
  verdict === 'expired'
    ? `denied: nobody approved ${skill} in time`
    : `denied by ${by}${reason === '' ? '' : `: ${reason}`}`;

/** What is true of the action's own arguments: what happens elsewhere in the world does not void an approval. */
function stateDigest(action: Action, state: WorldState): string {
  const objects = Object.values(action.args).filter((a): a is string => typeof a === 'string');
  return digest([...relevantFacts(state, objects)]);
}

/** What a person wrote does not fit: the person is told why, and asked again. */
function invalidAnswerReason(
  gateRequest: GateRequest,
  rules: Rules,
  { rule, problem, nth }: { readonly rule: ApprovalRule; readonly problem: string; readonly nth: number },
): Question {
  const { decided, state } = gateRequest;
  const print = fingerprint(decided.action, stateDigest(decided.action, state));
  const question = approvalQuestion(gateRequest, rules, { rule, print, nth });
  return {
    ...question,
    text: `${actionText(decided.action)} cannot be done as edited: ${problem}. Nothing was sent. Edit it again, or reject it.`,
  };
}

function approvalQuestion(
  { subgoal, decided, manifest, key }: GateRequest,
  rules: Rules,
  { rule, print, nth }: { readonly rule: ApprovalRule; readonly print: string; readonly nth: number },
): Question {
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
