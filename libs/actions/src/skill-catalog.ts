import type { Clock, Logger, Skill, SkillManifest, SkillSource, WorldFiles, WorldInfo } from '@praxis/core';
import type { DeclaredSkill } from './declared-skill.js';
import { recordedIn } from './recorded-in.js';
import { SkillRegistry, type QuarantinedSkill } from './skill-registry.js';
import { describeDeclared, performActions } from './with-declared.js';

/** How a source of skills is. */
export interface SourceHealth {
  readonly name: string;
  readonly isUp: boolean;
  /** For people: what it offers, or why it is down. */
  readonly note: string;
}

/** What a catalog is made of. */
export interface SkillCatalogParts {
  /** Skills of the settings' file, which are there at once. */
  readonly declared: readonly DeclaredSkill[];
  /** Sources that do not depend on a world. */
  readonly sources: readonly SkillSource[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** What an executor offers, as others are told. */
export interface DescribedSkills {
  readonly worlds: readonly WorldInfo[];
  readonly skills: readonly SkillManifest[];
  readonly quarantined: readonly QuarantinedSkill[];
  readonly sources: readonly SourceHealth[];
}

/** A source that is down is asked again after this pause, in milliseconds, and after twice as long each further time. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * The skills of an executor that do not depend on a world.
 *
 * skill-catalog.1 A source is asked once, and again only after its `watch` has called, or, while it is down, after a
 *                 growing pause.
 * skill-catalog.2 While a source is down its last good list counts, and its health says why it is down.
 * skill-catalog.3 A registry never changes; what changes later is in the registries that are made later.
 * skill-catalog.4 A skill that is left out is logged once for each reason.
 */
export class SkillCatalog {
  readonly #sources: readonly WatchedSource[];
  readonly #told = new Set<string>();

  constructor(private readonly parts: SkillCatalogParts) {
    this.#sources = parts.sources.map((source) => new WatchedSource(source, parts));
  }

  /** All skills besides those of the worlds, with the world whose action they perform. */
  async declared(): Promise<readonly DeclaredSkill[]> {
    const lists = await Promise.all(this.#sources.map((source) => source.skills()));
    return [...this.parts.declared, ...lists.flat().map((skill) => ({ skill, performs: null }))];
  }

  /** The skills of one open world together with these, whose files and facts the world takes in where it has files. */
  async registryFor(world: SkillSource, info: WorldInfo, files?: WorldFiles): Promise<SkillRegistry> {
    const declared = await this.declared();
    const { skills, quarantined } = performActions(await world.list(), info, declared);
    const others = declared
      .filter((d) => d.performs === null)
      .map(({ skill }) => (files === undefined ? skill : recordedIn(files, skill)));
    const registry = SkillRegistry.of([...skills, ...others], quarantined);
    this.#tell(registry.quarantined);
    return registry;
  }

  /** What there is in these worlds and beside them. */
  async describe(worlds: readonly WorldInfo[]): Promise<DescribedSkills> {
    const declared = await this.declared();
    const own = SkillRegistry.of(declared.filter((d) => d.performs === null).map(({ skill }) => skill));
    const there = new Set(own.manifests);
    const told = describeDeclared(
      worlds,
      declared.filter((d) => d.performs !== null || there.has(d.skill.manifest)),
    );
    const lost = worlds.flatMap((info) => performActions(asSkills(info), info, declared).quarantined);
    const quarantined = [...own.quarantined, ...lost];
    this.#tell(quarantined);
    return { ...told, quarantined, sources: await Promise.all(this.#sources.map((source) => source.health())) };
  }

  /** Stops watching, and closes the sources. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  #tell(quarantined: readonly QuarantinedSkill[]): void {
    for (const { name, source, reason } of quarantined) {
      const key = JSON.stringify([name, source, reason]);
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.parts.log.warn('a skill is left out', { skill: name, source, reason });
    }
  }
}

/** A world's actions where only their manifests matter. */
const asSkills = ({ skills }: WorldInfo): readonly Skill[] =>
  skills.map((manifest) => ({ manifest, run: () => Promise.reject(new Error('a description is not called')) }));

/** One source with the list that it gave last (skill-catalog.1, skill-catalog.2). */
class WatchedSource {
  #list: readonly Skill[] = [];
  #asking: Promise<void> | null = null;
  #isDue = true;
  #failures = 0;
  #failure: string | null = null;
  #nextAt = 0;
  readonly #unwatch: (() => void) | undefined;

  constructor(
    private readonly source: SkillSource,
    private readonly parts: Pick<SkillCatalogParts, 'clock' | 'log'>,
  ) {
    this.#unwatch = source.watch?.(() => (this.#isDue = true));
  }

  /** The list as it is now; what was down is asked again in the background. */
  async skills(): Promise<readonly Skill[]> {
    if (this.#isDue) await this.#ask();
    else if (this.#failure !== null && this.parts.clock.now() >= this.#nextAt) void this.#ask();
    return this.#list;
  }

  async health(): Promise<SourceHealth> {
    const { name } = this.source;
    if (this.#failure !== null) return { name, isUp: false, note: this.#failure };
    const own = await this.source.health?.().catch((thrown: unknown) => ({ isUp: false, note: messageOf(thrown) }));
    return { name, ...(own ?? { isUp: true, note: `${this.#list.length} skills` }) };
  }

  async close(): Promise<void> {
    this.#unwatch?.();
    await this.source.close?.();
  }

  #ask(): Promise<void> {
    this.#isDue = false;
    this.#asking ??= this.#read().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #read(): Promise<void> {
    try {
      this.#list = await this.source.list();
      [this.#failures, this.#failure] = [0, null];
    } catch (thrown) {
      const failure = messageOf(thrown);
      if (failure !== this.#failure)
        this.parts.log.warn('a source of skills is down', { source: this.source.name, reason: failure });
      this.#nextAt = this.parts.clock.now() + Math.min(RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
      this.#failures += 1;
      this.#failure = failure;
    }
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** A source whose skills are called `namespace.tool`, so that they clash with no other source's. */
export function withNamespace(source: SkillSource, namespace: string): SkillSource {
  const full = (name: string): string => `${namespace}.${name}`;
  const renamed = (skill: Skill, own: ReadonlySet<string>): Skill => {
    const { manifest } = skill;
    const { undo } = manifest;
    const inside = (call: Parameters<Skill['run']>[0]): Parameters<Skill['run']>[0] => ({
      ...call,
      action: { ...call.action, skill: manifest.name },
    });
    return {
      manifest: {
        ...manifest,
        name: full(manifest.name),
        ...(undo && { undo: { ...undo, skill: own.has(undo.skill) ? full(undo.skill) : undo.skill } }),
      },
      run: (call) => skill.run(inside(call)),
      ...(skill.probe && { probe: (call) => skill.probe!(inside(call)) }),
      ...(skill.follow && { follow: (call) => skill.follow!(inside(call)) }),
    };
  };
  return {
    ...(source.watch && { watch: (changed) => source.watch!(changed) }),
    ...(source.health && { health: () => source.health!() }),
    ...(source.close && { close: () => source.close!() }),
    name: source.name,
    async list() {
      const skills = await source.list();
      const own = new Set(skills.map(({ manifest }) => manifest.name));
      return skills.map((skill) => renamed(skill, own));
    },
  };
}
