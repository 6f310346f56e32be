import * as fc from 'fast-check';
import {
  UNBOUNDED,
  stepEvents,
  type Action,
  type Answer,
  type Observation,
  type OpenedEvent,
  type SkillManifest,
  type StepEvent,
  type Strategy,
} from '@praxis/core';
import { MemoryJournal } from '@praxis/testing';
import { AttemptLog } from './attempt-log.js';
import { readElsewhere } from './elsewhere.js';
import { interpret } from '../engine/interpreter.js';

const PAY: Action = { skill: 'pay', args: { invoice: 'i-1' } };
const manifest: SkillManifest = {
  name: 'pay',
  summary: '',
  parameters: [],
  source: 'http:bank',
  keyed: true,
  effect: 'irreversible',
};
const opening: OpenedEvent = {
  type: 'opened',
  by: 'spec',
  strategy: 'once',
  state: { facts: [], numbers: {} },
  condition: '',
  owner: null,
  limits: { steps: 50, replans: 0, stale: 3 },
  allowance: UNBOUNDED,
  suggested: [],
  avoid: [],
  domain: '',
};

/** Pays once; what is stale is decided again. */
const once: Strategy<number> = {
  id: 'once',
  version: 1,
  begin: () => ({ state: 0, effects: [{ kind: 'execute', id: 'e0', action: PAY, why: '', origin: 'policy' }] }),
  on(n, event) {
    if (event.type !== 'observed') return { state: n, effects: [] };
    if (!event.result.ok && event.result.code === 'stale')
      return { state: n + 1, effects: [{ kind: 'execute', id: `e${n + 1}`, action: PAY, why: '', origin: 'policy' }] };
    return {
      state: n,
      effects: [{ kind: 'finish', outcome: event.result.ok ? 'done' : 'failed', reason: '', result: null }],
    };
  },
};

type Said = 'ok' | 'silent' | 'gateway' | 'away' | 'refused';
const failed = (
  code: 'unknown-outcome' | 'unavailable' | 'world-error',
  retry?: Observation['retry'],
): Observation => ({
  result: { ok: false, code, message: code, ...(code === 'world-error' && { permanent: true as const }) },
  state: null,
  ...(retry && { retry }),
});

/** Two subgoals of one run, under way at the same time, which decide the same action. */
class Pair {
  now = 1_800_000_000_000;
  readonly journal = new MemoryJournal({ now: () => this.now });
  /** Keys of requests that have no answer yet, and those whose answers left doubt. */
  readonly flying = new Set<string>();
  readonly doubtful = new Set<string>();
  readonly requests: string[] = [];
  readonly broken: string[] = [];
  readonly words = new Map<string, Answer>();

  constructor(
    private readonly answers: Said[],
    private readonly isAsked = false,
  ) {}

  async run(name: string, other: string): Promise<boolean> {
    const ended = await interpret({
      stream: `subgoal/${name}`,
      subgoal: name,
      journal: this.journal,
      strategy: once as Strategy<unknown>,
      signal: new AbortController().signal,
      now: () => this.now,
      handlers: {
        execute: {
          manifest: () => manifest,
          run: (_action, key, _signal, how) => this.pay(key, how?.inDoubt === true),
          look: () => Promise.resolve(null),
        },
      },
      attempts: new AttemptLog(),
      opening: () => Promise.resolve(opening),
      elsewhere: async (action) => readElsewhere(action, [await this.steps(other)], []),
      answers: (ids) => Promise.resolve(new Map([...this.words].filter(([id]) => ids.includes(id)))),
      ...(this.isAsked && {
        rules: {
          deployment: [],
          goal: [
            {
              decision: 'ask' as const,
              effect: null,
              skill: 'pay',
              world: null,
              tenant: null,
              tainted: false,
              expiresMs: null,
            },
          ],
          world: 'w',
          tenant: '',
          now: () => this.now,
        },
      }),
    });
    return ended !== null;
  }

  async steps(name: string): Promise<readonly StepEvent[]> {
    return (await this.journal.read(`subgoal/${name}`)).map((e) => stepEvents.decode(e));
  }

  /** Lets both live until they have ended, a person answering what they ask. */
  async play(verdict: 'approve' | 'reject'): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      const ends = await Promise.all([this.run('r-1.1.1.1', 'r-1.1.2.1'), this.run('r-1.1.2.1', 'r-1.1.1.1')]);
      if (ends.every(Boolean)) return;
      const asked = [...(await this.steps('r-1.1.1.1')), ...(await this.steps('r-1.1.2.1'))].flatMap((e) =>
        e.type === 'asked' && !this.words.has(e.question.id) ? [e.question] : [],
      );
      const [question] = asked;
      if (question)
        this.words.set(question.id, {
          verdict: question.kind === 'approval' ? verdict : 'happened',
          by: 'ann',
          reason: 'because',
          args: null,
          grant: null,
          value: null,
        });
      if (question?.key != null) this.doubtful.delete(question.key);
      this.now = await this.next();
    }
    throw new Error('They never ended.');
  }

  /** When the first of them is due. */
  private async next(): Promise<number> {
    const lasts = [(await this.steps('r-1.1.1.1')).at(-1), (await this.steps('r-1.1.2.1')).at(-1)];
    const due = lasts.flatMap((e) => (e?.type === 'parked' && e.until !== undefined ? [e.until] : []));
    return due.length === 0 ? this.now + 1 : Math.max(this.now + 1, Math.min(...due));
  }

  private async pay(key: string, inDoubt: boolean): Promise<Observation> {
    this.requests.push(key);
    if ([...this.flying, ...this.doubtful].some((k) => k !== key)) this.broken.push(key);
    this.flying.add(key);
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.flying.delete(key);
    const said = this.answers.shift() ?? 'ok';
    if (said === 'silent' || said === 'gateway') this.doubtful.add(key);
    else if (said === 'ok') this.doubtful.delete(key);
    if (said === 'ok') return { result: { ok: true, message: '' }, state: null };
    if (said === 'away')
      return failed(inDoubt ? 'unknown-outcome' : 'unavailable', { afterMs: null, inDoubt: false, isOutage: true });
    if (said === 'refused' && !inDoubt) return failed('world-error');
    return failed('unknown-outcome', { afterMs: null, inDoubt: true, isOutage: said === 'gateway' });
  }
}

describe('two subgoals that are under way at the same time', () => {
  // interpreter.11, elsewhere.1–2
  it('never send an action under a second key while another key is under way or in doubt, whatever is answered', async () => {
    const said = fc.array(fc.constantFrom<Said>('ok', 'silent', 'gateway', 'away', 'refused'), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(said, async (answers) => {
        const pair = new Pair([...answers]);
        await pair.play('approve');
        expect(pair.broken).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('hear what was refused for good to either of them (elsewhere.3)', async () => {
    const pair = new Pair(['refused']);
    await pair.play('approve');
    expect(pair.requests).toHaveLength(1);
  });

  it('ask a person once, and hear the no', async () => {
    const pair = new Pair([], true);
    await pair.run('r-1.1.1.1', 'r-1.1.2.1');
    await pair.run('r-1.1.2.1', 'r-1.1.1.1');
    await pair.play('reject');
    const all = [...(await pair.steps('r-1.1.1.1')), ...(await pair.steps('r-1.1.2.1'))];
    expect(all.filter((e) => e.type === 'asked')).toHaveLength(1);
    expect(pair.requests).toEqual([]);
    expect(all.filter((e) => e.type === 'ended')).toEqual(
      expect.arrayContaining([expect.objectContaining({ outcome: 'failed' })]),
    );
  });

  it('do both what was decided twice, one after the other', async () => {
    const pair = new Pair(['silent', 'ok', 'ok']);
    await pair.play('approve');
    expect(new Set(pair.requests).size).toBe(2);
    expect(pair.requests).toHaveLength(3);
  });
});
