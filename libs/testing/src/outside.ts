import { actionText, type Action, type Skill, type SkillManifest } from '@praxis/core';

/** What is outside of every world and cannot be taken back by forgetting it: it remembers what was done, and when not. */
export class Outside {
  /** What was done, in order: `(make cup)`. */
  readonly did: string[] = [];
  /** Actions that are not done but refused, as text. */
  readonly refuses = new Set<string>();
  readonly #keys = new Set<string>();
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

  /** A skill that is really done here when the world `pddl` does the action of its name. */
  skill(name: string, more: Partial<SkillManifest> = {}): { readonly skill: Skill; readonly performs: 'pddl' } {
    const manifest: SkillManifest = { name, summary: '', parameters: [], effect: 'irreversible', keyed: true, source: 'outside, world:pddl', ...more };
    return { performs: 'pddl', skill: { manifest, run: async ({ action, key }) => this.#do(action, manifest.keyed ? key : null) } };
  }

  async #do(action: Action, key: string | null): ReturnType<Skill['run']> {
    const text = actionText(action);
    const held = this.#held.get(text);
    if (held) {
      this.#held.delete(text);
      held.arrived();
      await held.go;
    }
    if (this.refuses.has(text)) return { result: { ok: false, code: 'not-applicable', message: `the outside refused ${text}` }, state: null };
    if (key === null || !this.#keys.has(key)) this.did.push(text);
    if (key !== null) this.#keys.add(key);
    return { result: { ok: true, message: `did ${text}` }, state: null };
  }
}
