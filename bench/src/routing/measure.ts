/** How a call fared. */
export interface CallRecord {
  readonly at: number;
  /** Milliseconds to the first token; null where there was none. */
  readonly firstMs: number | null;
  readonly endMs: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** `late`: it had not ended by its time-out. `lost`: it failed for any other reason. */
  readonly outcome: 'ok' | 'late' | 'lost';
}

/** The figures of one simulation. */
export interface Figures {
  readonly calls: number;
  /** Milliseconds to the first token; a call that had none counts as its time-out. */
  readonly firstP50: number;
  readonly firstP99: number;
  /** Share of the input tokens that prefix caches had. */
  readonly hitRate: number;
  /** Calls that came in the measured time and were answered within their time-out, per second. */
  readonly goodput: number;
  readonly late: number;
  readonly lost: number;
}

/** Figures of the calls that came between two times. */
export function figuresOf(
  records: readonly CallRecord[],
  { fromMs, untilMs, timeoutMs }: { readonly fromMs: number; readonly untilMs: number; readonly timeoutMs: number },
): Figures {
  const seen = records.filter((r) => r.at >= fromMs && r.at < untilMs);
  const firsts = seen.map((r) => r.firstMs ?? timeoutMs).sort((a, b) => a - b);
  const count = (outcome: CallRecord['outcome']): number => seen.filter((r) => r.outcome === outcome).length;
  const sum = (pick: (r: CallRecord) => number): number =>
    seen.reduce((n, r) => n + (r.outcome === 'ok' ? pick(r) : 0), 0);
  return {
    calls: seen.length,
    firstP50: percentile(firsts, 0.5),
    firstP99: percentile(firsts, 0.99),
    hitRate:
      sum((r) => r.cachedTokens) /
      Math.max(
        1,
        sum((r) => r.inputTokens),
      ),
    goodput: (count('ok') * 1_000) / (untilMs - fromMs),
    late: count('late'),
    // A call that is lost counts whenever it came.
    lost: records.filter((r) => r.outcome === 'lost').length,
  };
}

/** The value that this share of a sorted list does not exceed; 0 of an empty one. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Figure by figure, the mean over seeds; what is counted is summed. */
export function meanOf(all: readonly Figures[]): Figures {
  const sum = (key: keyof Figures): number => all.reduce((n, f) => n + f[key], 0);
  const mean = (key: keyof Figures): number => sum(key) / all.length;
  return {
    calls: sum('calls'),
    firstP50: mean('firstP50'),
    firstP99: mean('firstP99'),
    hitRate: mean('hitRate'),
    goodput: mean('goodput'),
    late: sum('late'),
    lost: sum('lost'),
  };
}
