import { PraxisError, keyedRandom } from '@praxis/core';
import { z } from 'zod';

/** What can go wrong with a request when it is asked to. */
export const FAULT_KINDS = [
  'slow',
  '429',
  '500',
  'hang',
  'truncated',
  'wrong-tool',
  'refusal',
  'dies',
  'empty',
  'huge',
  'invalid-sse',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const ruleSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  /** Share of the requests, 0 to 1. */
  share: z.number().min(0).max(1).optional(),
  /** The next so many requests. */
  next: z.number().int().positive().optional(),
  /** `slow` alone: the whole node takes so many times as long. */
  factor: z.number().positive().optional(),
  /** `slow`: milliseconds of model time by which a request is held up. */
  delayMs: z.number().nonnegative().default(5_000),
  /** `429`: seconds that the client is asked to wait. */
  retryAfterS: z.number().nonnegative().default(1),
});

/** Which requests a fault hits. */
export const faultRuleSchema = ruleSchema.superRefine(({ kind, share, next, factor }, context) => {
  if ([share, next, factor].filter((v) => v !== undefined).length !== 1)
    context.addIssue({ code: 'custom', message: 'must have one of share, next, or (for slow) factor' });
  else if (factor !== undefined && kind !== 'slow')
    context.addIssue({ code: 'custom', path: ['factor'], message: 'goes with the kind slow alone' });
});
export type FaultRule = z.infer<typeof faultRuleSchema>;

/** Reads `KIND=SHARE`, such as `429=0.1`. */
export function parseFault(text: string): FaultRule {
  const [, kind, share] = /^([\w-]+)=(\d*\.?\d+)$/.exec(text) ?? [];
  const parsed = faultRuleSchema.safeParse({ kind, share: Number(share) });
  if (parsed.success) return parsed.data;
  throw new PraxisError(
    'invalid',
    `"${text}" is no fault; write KIND=SHARE with a share from 0 to 1 and one of the kinds ${FAULT_KINDS.join(', ')}, such as 429=0.1.`,
  );
}

/**
 * Decides which request meets which fault. Those that were ordered for the next requests come first; shares are drawn
 * by seed and the request's number, so that the same requests fail in every run.
 */
export class Faults {
  readonly #ordered: { rule: FaultRule; left: number }[] = [];
  #shared: FaultRule[] = [];

  constructor(private readonly seed: string) {}

  add(rule: FaultRule): void {
    if (rule.next !== undefined) this.#ordered.push({ rule, left: rule.next });
    else this.#shared = [...this.#shared.filter((r) => r.kind !== rule.kind), rule];
  }

  clear(): void {
    this.#ordered.length = 0;
    this.#shared = [];
  }

  /** The fault of a request; null where all goes well. */
  pick(request: number): FaultRule | null {
    const first = this.#ordered[0];
    if (!first)
      return (
        this.#shared.find((rule) => keyedRandom(this.seed, 'fault', rule.kind, request) < (rule.share ?? 0)) ?? null
      );
    if (--first.left === 0) this.#ordered.shift();
    return first.rule;
  }

  list(): readonly object[] {
    return [
      ...this.#ordered.map(({ rule, left }) => ({ kind: rule.kind, next: left })),
      ...this.#shared.map(({ kind, share }) => ({ kind, share })),
    ];
  }
}
