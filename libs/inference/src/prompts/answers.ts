import { z } from 'zod';
import type { JsonSchema } from '@praxis/core';

/** A meta-plan as a model writes it: subgoals that name the earlier ones they wait for. */
export const metaPlanAnswerSchema = z.strictObject({
  thought: z.string(),
  subgoals: z.array(
    z.strictObject({
      title: z.string(),
      owner: z.string().nullable(),
      /** Numbers of earlier subgoals, counted from 1. */
      after: z.array(z.number().int()),
      /** A PDDL condition. */
      achieves: z.string(),
      /** Suggested actions in order, as texts. */
      steps: z.array(z.string()),
    }),
  ),
  /** Not empty only where the goal cannot be understood. */
  questions: z.array(z.string()),
});
export type MetaPlanAnswer = z.infer<typeof metaPlanAnswerSchema>;

/** What an evaluator says about a meta-plan: the reasons come before the verdict. */
export const critiqueAnswerSchema = z.strictObject({ problems: z.array(z.string()), agree: z.boolean() });
export type CritiqueAnswer = z.infer<typeof critiqueAnswerSchema>;

/** What an actor can say instead of an action: the subgoal holds, a fact is missing, nothing helps. */
export const VERDICTS = ['done', 'ask', 'stuck'] as const;

/** An actor's choice: the text of a legal action or one of `VERDICTS`; a question only for `ask`. */
export const nextActionAnswerSchema = z.strictObject({ thought: z.string(), action: z.string(), question: z.string() });
export type NextActionAnswer = z.infer<typeof nextActionAnswerSchema>;

/** A judge's scores, one per candidate, 0 to 1. */
export const scoresAnswerSchema = z.strictObject({ scores: z.array(z.number().min(0).max(1)) });
export type ScoresAnswer = z.infer<typeof scoresAnswerSchema>;

/**
 * What a person wants, as a condition and what it says about how; or what has to be asked first, or why it cannot be.
 */
const formalGoalSchema = z.strictObject({
  thought: z.string(),
  kind: z.enum(['goal', 'ask', 'cannot']),
  /** A PDDL condition; empty unless it is a goal. */
  condition: z.string(),
  /** What the request says about how, word for word. */
  constraints: z.array(z.string()),
  /** What to ask, or why it cannot be; empty for a goal. */
  question: z.string(),
});
/** The form of answers before there were constraints. */
const olderFormalGoalSchema = z.strictObject({ condition: z.string(), questions: z.array(z.string()) });

export const formalGoalAnswerSchema = z.preprocess((value) => {
  const older = olderFormalGoalSchema.safeParse(value);
  if (!older.success) return value;
  const { condition, questions } = older.data;
  return {
    thought: '',
    kind: questions.length > 0 ? 'ask' : 'goal',
    condition,
    constraints: [],
    question: questions.join(' '),
  };
}, formalGoalSchema);
export type FormalGoalAnswer = z.infer<typeof formalGoalAnswerSchema>;

/** What a person wants where no rules say it: statements that are true in the end; or a question, or why it cannot be. */
export const understoodRequestAnswerSchema = z.strictObject({
  thought: z.string(),
  kind: z.enum(['goal', 'ask', 'cannot']),
  /** One line; empty unless it is a goal. */
  title: z.string(),
  done: z.array(
    z.strictObject({
      what: z.string(),
      /** The path of the file that is the outcome; empty where it is none. */
      file: z.string(),
      contains: z.array(z.string()),
    }),
  ),
  /** What the request says about how, word for word. */
  constraints: z.array(z.string()),
  /** What to ask, or why it cannot be; empty for a goal. */
  question: z.string(),
});
export type UnderstoodRequestAnswer = z.infer<typeof understoodRequestAnswerSchema>;

/** All steps of a piece of work as calls of skills; or a question, or why it cannot be done. */
export const skillPlanAnswerSchema = z.strictObject({
  thought: z.string(),
  kind: z.enum(['plan', 'ask', 'cannot']),
  steps: z.array(
    z.strictObject({
      /** Later steps refer to what it gives by this name. */
      id: z.string(),
      title: z.string(),
      skill: z.string(),
      /** Values as JSON, or as the text that they are; references as `$name.path`. */
      args: z.array(z.strictObject({ name: z.string(), value: z.string() })),
      /** A reference to a list, for whose items the step is done; empty where it is done once. */
      each: z.string(),
      /** Steps that come before although nothing of them is referred to. */
      after: z.array(z.string()),
      /** An expression; the step is left out where it is false. Empty: it is done. */
      when: z.string(),
    }),
  ),
  /** What to ask, or why it cannot be done; empty for a plan. */
  question: z.string(),
});
export type SkillPlanAnswer = z.infer<typeof skillPlanAnswerSchema>;

/** A judge's opinion of what was done, one verdict per constraint of the request, by its number from 1. */
export const finalCheckAnswerSchema = z.strictObject({
  verdicts: z.array(
    z.strictObject({ constraint: z.number().int(), why: z.string(), verdict: z.enum(['kept', 'broken', 'unclear']) }),
  ),
});
export type FinalCheckAnswer = z.infer<typeof finalCheckAnswerSchema>;

/** A judge's opinion of one statement: the reason comes before the verdict. */
export const checkVerdictAnswerSchema = z.strictObject({ why: z.string(), holds: z.enum(['yes', 'no', 'unclear']) });
export type CheckVerdictAnswer = z.infer<typeof checkVerdictAnswerSchema>;

/** The structured answers by the names under which models are asked for them. */
export const ANSWERS = {
  meta_plan: metaPlanAnswerSchema,
  critique: critiqueAnswerSchema,
  next_action: nextActionAnswerSchema,
  scores: scoresAnswerSchema,
  formal_goal: formalGoalAnswerSchema,
  understood_request: understoodRequestAnswerSchema,
  skill_plan: skillPlanAnswerSchema,
  final_check: finalCheckAnswerSchema,
  check_verdict: checkVerdictAnswerSchema,
} as const;
export type AnswerKind = keyof typeof ANSWERS;

/** The name of a choice among skills (`PromptRunner.chooseSkill`), whose schema depends on what is offered. */
export const SKILL_CALL = 'skill_call';

/** What a prompt may ask for. */
export type PromptAnswer = AnswerKind | typeof SKILL_CALL;

/** What an answer of a kind holds. */
export type Answer<K extends AnswerKind> = z.infer<(typeof ANSWERS)[K]>;

/** What narrows an answer: the texts of the legal actions for `next_action`, the number of candidates for `scores`. */
export interface AnswerLimits {
  readonly actions?: readonly string[];
  /** Skills that `next_action` may call with arguments of the model's own. */
  readonly calls?: readonly string[];
  readonly count?: number;
}

/**
 * The format to ask a model for, as strict JSON schema. Engines keep compiled schemas by their text, so equal sets of
 * legal actions give equal texts, whatever their order.
 */
export function answerFormat(
  kind: AnswerKind,
  limits: AnswerLimits = {},
): { readonly name: AnswerKind; readonly schema: JsonSchema } {
  return { name: kind, schema: strictSchema(narrowed(kind, limits)) };
}

function narrowed(kind: AnswerKind, { actions, calls = [], count }: AnswerLimits): z.ZodType {
  if (kind === 'next_action' && actions !== undefined) {
    const listed = z.enum([...[...new Set(actions)].sort(), ...VERDICTS]);
    return nextActionAnswerSchema.extend({
      action: calls.length === 0 ? listed : z.union([listed, callSchema(calls)]),
    });
  }
  if (kind === 'scores' && count !== undefined)
    return z.strictObject({ scores: scoresAnswerSchema.shape.scores.length(count) });
  return ANSWERS[kind];
}

/** A call of one of these skills: `(NAME …)`. Whether its arguments fit is checked when it is read. */
function callSchema(names: readonly string[]): z.ZodType<string> {
  const escaped = [...new Set(names)].sort().map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return z.string().regex(new RegExp(`^\\((${escaped.join('|')})( .*)?\\)$`));
}

function strictSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    /** The bounds of safe integers say nothing to a model, and grammars of engines grow with them. */
    override: ({ jsonSchema }) => {
      if (jsonSchema.type !== 'integer') return;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest as JsonSchema;
}
