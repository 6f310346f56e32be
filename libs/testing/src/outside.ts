import { actionText, type Action, type Observation, type Skill, type SkillManifest } from '@praxis/core';

/** What a call comes to: whether it is done, and what is said of it. */
export interface Line {
  readonly isDone: boolean;
  readonly says: Observation;
}

/** Nobody is there. */
export const AWAY: Line = {
  isDone: false,
  says: {
    result: { ok: false, code: 'unavailable', message: 'nobody is there' },
    state: null,
    retry: { afterMs: null, inDoubt: false, isOutage: true },
  },
};

/** It is done, and the answer says nothing. */
export const SILENT: Line = {
  isDone: true,
  says: {
    result: { ok: false, code: 'unknown-outcome', message: 'answered 500' },
    state: null,
    retry: { afterMs: null, inDoubt: true, isOutage: false },
  },
};

/** It is refused whatever happens. */
export const REFUSED: Line = {
  isDone: false,
  says: { result: { ok: false, code: 'world-error', message: 'answered 405', permanent: true }, state: null },
};

/**
 * What is outside of every world and cannot be taken back by forgetting it: it remembers what was done, and when not.
 */
export class Outside {
  /** What was done, in order: `(make cup)`. */
  readonly did: string[] = [];
  /** Actions that are not done but refused, as text. */
  readonly refuses = new Set<string>();
  /** Every call that came in, in order, with its key. */
  readonly calls: { readonly action: string; readonly key: string }[] = [];
  readonly #keys = new Set<string>();
  readonly #lines = new Map<string, Line[]>();
  readonly #held = new Map<string, { readonly arrived: () => void; readonly go: Promise<void> }>();

  /** Makes the next call of an action wait; it is under way once `arrived`, and comes to its end after `letGo`. */
  hold(action: string): { readonly arrived: Promise<void>; letGo(): void } {
    let letGo = (): void => undefined;
    let arrive = (): void => undefined;
    const go = new Promise<void>((resolve) => (letGo = resolve));
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    this.#held.set(action, { arrived: arrive, go });
    return { arrived, letGo };
  }

  /** What the next calls of an action come to, one after the other; after these it is done as ever. */
  script(action: string, ...lines: readonly Line[]): void {
    this.#lines.set(action, [...lines]);
  }

  /** A skill that is really done here when the world `pddl` does the action of its name. */
  skill(name: string, more: Partial<SkillManifest> = {}): { readonly skill: Skill; readonly performs: 'pddl' } {
    const manifest: SkillManifest = {
      name,
      summary: '',
      parameters: [],
      effect: 'irreversible',
      keyed: true,
      source: 'outside, world:pddl',
      ...more,
    };
    return {
      performs: 'pddl',
      skill: { manifest, run: async ({ action, key }) => this.#do(action, key, manifest.keyed) },
    };
  }

  async #do(action: Action, key: string, keyed: boolean): ReturnType<Skill['run']> {
    const text = actionText(action);
    this.calls.push({ action: text, key });
    const held = this.#held.get(text);
    if (held) {
      this.#held.delete(text);
      held.arrived();
      await held.go;
    }
    if (this.refuses.has(text))
      return { result: { ok: false, code: 'not-applicable', message: `the outside refused ${text}` }, state: null };
    const line = this.#lines.get(text)?.shift();
    if (line?.isDone !== false && (!keyed || !this.#keys.has(key))) this.did.push(text);
    if (keyed && line?.isDone !== false) this.#keys.add(key);
    if (line) return line.says;
    return { result: { ok: true, message: `did ${text}` }, state: null };
  }
}
