import { boundedOutput, worldSkills, type SkillCatalog } from '@praxis/actions';
import type {
  ArtifactStore,
  Cost,
  Observation,
  OpenedEvent,
  Rules,
  SkillCall,
  SkillManifest,
  SkillTools,
  WorldFiles,
  WorldInfo,
  WorldSession,
} from '@praxis/core';
import type { Handlers } from '@praxis/strategy';
import { act } from './act.js';
import { checkAction } from './check-action.js';
import { Choices } from '../deciding/choices.js';
import type { ModelPolicy } from '../deciding/model-policy.js';
import type { SearchPolicy } from '../deciding/search-policy.js';
import { priceOfVerifying, verifyCondition, type Judging } from './verify-condition.js';

/** The skills of one world, and what an actor may choose among them. */
export interface GatheredSkills {
  readonly skills: readonly SkillManifest[];
  readonly choices: Choices;
  /** The files of the world; absent where it has none. */
  readonly files?: WorldFiles | undefined;
}

/** What an executor has in one world. */
export interface HandlerParts {
  readonly session: WorldSession;
  readonly info: WorldInfo;
  /** Rules as the agent believes them; null where the world tells none. */
  readonly rules: Rules | null;
  /** Searches by the rules; null where there are none. */
  readonly policy: SearchPolicy | null;
  /** Makes what asks models, of the skills that there are; null where there is no model to ask. */
  readonly modelPolicy?: ((gathered: GatheredSkills) => ModelPolicy) | null;
  /** The skills besides the world's. */
  readonly catalog: SkillCatalog;
  readonly artifacts: ArtifactStore;
  /** What the subgoal was handed: outputs by name, the named checks of its conditions, and its seed. */
  readonly given: Pick<OpenedEvent, 'inputs' | 'checks' | 'seed'>;
  /** Has models judge statements; absent where there is none to ask. */
  readonly judging?: Judging | undefined;
}

/** How an executor carries out a strategy's effects in one world. */
export async function handlersOf({
  session,
  info,
  rules,
  policy,
  modelPolicy,
  catalog,
  artifacts,
  given,
  judging,
}: HandlerParts): Promise<Handlers> {
  const skills = await catalog.registryFor(worldSkills(session, info), info, session.files);
  const tools = toolsFor(session, artifacts, given.seed);
  const verifying = {
    session,
    artifacts,
    skills,
    tools,
    checks: given.checks ?? {},
    inputs: given.inputs ?? {},
    judging,
  };
  const declared = await catalog.declared();
  const promptRunner =
    modelPolicy?.({
      skills: skills.manifests,
      choices: new Choices({ session, rules, skills: skills.manifests, declared }),
      files: session.files,
    }) ?? null;
  return {
    ...(promptRunner && thinking(promptRunner, (condition) => priceOfVerifying(condition, verifying))),
    async propose(effect, signal) {
      if (effect.by !== 'search') return promptRunner === null ? NO_MODEL : promptRunner.propose(effect, signal);
      if (policy === null) return NO_RULES;
      const thought = await policy.propose(effect.context, signal);
      // A search that was cut short may have a plan, but another one than it finds when it is let.
      signal.throwIfAborted();
      return thought;
    },
    verify: (effect, signal) => verifyCondition(String(effect.candidate), effect.context, verifying, signal),
    execute: {
      look: () => session.observe(),
      manifest: (action) => skills.manifest(action),
      run: (action, key, signal, how = {}) => {
        const run = async ({ action, key, signal, ...how }: SkillCall): Promise<Observation> =>
          boundedOutput(await skills.run(action, key, signal, { ...how, tools }), artifacts);
        return act({ manifest: skills.manifest(action)!, run }, { action, key, signal, ...how });
      },
      check: (action) => checkAction(action, { skills, session, rules: policy?.rules ?? null }),
      follow: (action, key, signal) => skills.follow(action, key, signal),
      probe: (action, key, signal) => skills.probe(action, key, signal),
    },
    // A subgoal that an older release began may ask all the same.
    checkpoint: async () => (await session.snapshots?.take()) ?? '',
  };
}

/** What skills may use of a subgoal's world. */
function toolsFor({ id, files }: WorldSession, artifacts: ArtifactStore, seed = id): SkillTools {
  // How far a skill has come is not told to anybody yet.
  return { artifacts, files: files ?? NO_FILES, seed, progress: () => undefined };
}

const NO_FILES: SkillTools['files'] = { list: async () => [], find: async () => null };

const NO_RULES = {
  candidates: [],
  note: 'the world tells no rules, so there is nothing to search; a strategy with a model can act in it (react, tree, bounded-memory, async-planner, hybrid)',
};

const NO_MODEL = {
  candidates: [],
  note: 'no model is there to ask: set PRAXIS_MODEL_URL, or register a node (docs/models.md)',
};

const FREE: Cost = { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 };

/** What models are asked besides proposals, and the most that it costs. */
function thinking(
  promptRunner: ModelPolicy,
  priceOf: (condition: string) => Cost,
): Pick<Handlers, 'evaluate' | 'estimate'> {
  return {
    evaluate: (effect, signal) => promptRunner.evaluate(effect, signal),
    estimate(effect) {
      if (effect.kind === 'verify') return priceOf(String(effect.candidate));
      return effect.by === 'search' ? FREE : promptRunner.estimate(effect);
    },
  };
}
