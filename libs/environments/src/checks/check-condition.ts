import { checkNamed, PraxisError, type Check, type CheckResult, type Checks, type Condition } from '@praxis/core';
import { notEvaluated, type Checker, type CheckScope, type Finding } from './checker.js';
import { readCondition, type ConditionTree } from './condition-tree.js';
import { httpChecker, judgeChecker, personChecker, skillChecker } from './costly-checks.js';
import { fileChecker } from './file-check.js';
import { expressionChecker, jsonChecker, sqlChecker } from './value-checks.js';

/** Kinds in order of trust; the costly ones are evaluated only where the others leave the condition open. */
const CHECKERS: Readonly<Record<string, { readonly checker: Checker<never>; readonly isCostly: boolean }>> = {
  file: { checker: fileChecker, isCostly: false },
  json: { checker: jsonChecker, isCostly: false },
  expr: { checker: expressionChecker, isCostly: false },
  sql: { checker: sqlChecker, isCostly: false },
  http: { checker: httpChecker, isCostly: true },
  skill: { checker: skillChecker, isCostly: true },
  judge: { checker: judgeChecker, isCostly: true },
  person: { checker: personChecker, isCostly: true },
};

const kindOf = (check: Check): string => Object.keys(CHECKERS).find((kind) => kind in check) ?? '';

/** Evaluates one check. What a checker throws is a reason, never a pass; only a cancelled call fails. */
export async function evaluateCheck(check: Check, scope: CheckScope): Promise<Finding> {
  const kind = CHECKERS[kindOf(check)];
  if (kind === undefined) return notEvaluated('nothing evaluates a check of this kind');
  try {
    return await kind.checker.check(check as never, scope);
  } catch (thrown) {
    const error = PraxisError.from(thrown);
    if (error.code === 'cancelled') throw error;
    return notEvaluated(error.message);
  }
}

/**
 * Checks a condition whose atoms `(check name)` are named checks; the rest is the world's.
 *
 * checks.1 A condition holds only where its truth follows from parts that were evaluated: a check that cannot be
 *          evaluated neither holds nor fails, and neither does its negation.
 * checks.2 Every part that does not hold, or was not evaluated, gives a sentence.
 * checks.3 Whether a condition holds does not depend on the order of its parts.
 */
export async function checkCondition(condition: Condition, checks: Checks, scope: CheckScope): Promise<CheckResult> {
  const tree = readCondition(condition);
  const evaluation = new Evaluation(checks, scope);
  await evaluation.evaluate(tree, false);
  if (evaluation.judge(tree, true).holds === null) await evaluation.evaluate(tree, true);
  const finding = evaluation.judge(tree, true);
  if (finding.holds === true) return { holds: true, problems: [] };
  return { holds: false, problems: finding.holds === null ? [finding.reason] : finding.problems };
}

const OPEN: Finding = { holds: null, reason: 'It was not evaluated.' };

class Evaluation {
  /** By the text of the atom. */
  readonly #known = new Map<string, Finding>();

  constructor(
    private readonly checks: Checks,
    private readonly scope: CheckScope,
  ) {}

  async evaluate(tree: ConditionTree, withCostly: boolean): Promise<void> {
    if (tree.kind === 'not') return this.evaluate(tree.part, withCostly);
    if (tree.kind === 'and' || tree.kind === 'or') {
      for (const part of tree.parts) await this.evaluate(part, withCostly);
      return;
    }
    if (this.#known.has(tree.text)) return;
    const name = checkNamed(tree.text);
    const check = name !== null && Object.hasOwn(this.checks, name) ? this.checks[name]! : null;
    if (check !== null && !withCostly && CHECKERS[kindOf(check)]?.isCostly) return;
    this.#known.set(tree.text, await this.#find(tree, name, check));
  }

  async #find({ text, kind }: ConditionTree, name: string | null, check: Check | null): Promise<Finding> {
    if (kind === 'other' && /\(check\s/.test(text))
      return notEvaluated(`The named check inside of ${text} cannot be evaluated; take it out of the quantifier.`);
    if (name === null) return this.#world(text);
    if (check === null) return notEvaluated(`The check ${name} cannot be evaluated: nothing of that name is declared.`);
    const finding = await evaluateCheck(check, this.scope);
    if (finding.holds !== null) return finding;
    return notEvaluated(`The check ${name} cannot be evaluated: ${finding.reason.replace(/\.$/, '')}.`);
  }

  async #world(text: string): Promise<Finding> {
    try {
      const { holds, problems } = await this.scope.world(text);
      if (holds) return { holds };
      return { holds, problems: problems.length > 0 ? problems : [`${text} is not true.`] };
    } catch (thrown) {
      // Whatever else fails says nothing of the condition, and may be tried again.
      if (PraxisError.from(thrown).code !== 'invalid') throw thrown;
      return notEvaluated(`${text} cannot be evaluated: ${PraxisError.from(thrown).message}`);
    }
  }

  /** Kleene's three values, with the sentences about what is not as `wanted`. */
  judge(tree: ConditionTree, wanted: boolean): Finding {
    if (tree.kind === 'not') return this.judge(tree.part, !wanted);
    if (tree.kind === 'and' || tree.kind === 'or') {
      const parts = tree.parts.map((part) => this.judge(part, wanted));
      return (tree.kind === 'and') === wanted ? allOf(parts) : oneOf(parts, tree.text, wanted);
    }
    const finding = this.#known.get(tree.text) ?? OPEN;
    if (wanted || finding.holds === null) return finding;
    return finding.holds ? { holds: false, problems: [`${tree.text} holds, and should not.`] } : { holds: true };
  }
}

const sentencesOf = (finding: Finding): readonly string[] =>
  finding.holds === true ? [] : finding.holds === null ? [finding.reason] : finding.problems;

function allOf(parts: readonly Finding[]): Finding {
  const problems = [...new Set(parts.flatMap(sentencesOf))];
  if (parts.some(({ holds }) => holds === false)) return { holds: false, problems };
  return parts.every(({ holds }) => holds === true) ? { holds: true } : { holds: null, reason: problems.join(' ') };
}

function oneOf(parts: readonly Finding[], text: string, wanted: boolean): Finding {
  if (parts.some(({ holds }) => holds === true)) return { holds: true };
  const problems = [`No part of ${text} ${wanted ? 'holds' : 'fails'}.`, ...new Set(parts.flatMap(sentencesOf))];
  if (parts.some(({ holds }) => holds === null)) return { holds: null, reason: problems.join(' ') };
  return { holds: false, problems };
}
