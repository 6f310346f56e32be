import { makeAction, snapshotsOf, type RunId, type Tool, type WorldSession } from '@praxis/core';
import { applicationId, groundLiteral, type Application } from './distilling/application.js';
import { ADMISSION, eValue, type TrialPair } from './evidence.js';
import type { ReflectorParts } from './parts.js';
import type { Scene } from './scene.js';

/** Pairs are tried until the evidence suffices, this many went by, or losses make it hopeless. */
const MOST_PAIRS = 12;
const HOPELESS = 3;
/** An action that slips in a trial is repeated this often. */
const SLIPS = 3;

interface Case {
  readonly scene: Scene;
  readonly refusal: Application;
  readonly first: readonly Step[];
}

interface Step {
  readonly action: string;
  readonly args: readonly string[];
}

/** What trials showed, and the refusals in which they were made. */
export interface TrialsDone {
  readonly pairs: readonly TrialPair[];
  readonly tried: readonly string[];
}

/**
 * Paired trials of a tool in clones of the world, taken where the action was refused: the same state and the same seed,
 * once with the bare action and once with what the tool puts before it (common random numbers, S8).
 */
export class Trials {
  constructor(
    private readonly sceneOf: (run: RunId) => Promise<Scene | null>,
    private readonly parts: Pick<ReflectorParts, 'search' | 'log'>,
  ) {}

  /**
   * The refusal as a clone of its snapshot repeats it, with the state of that clone; null where the clone does the
   * action, so that something else had been in the way. What cannot be repeated is taken as it was recorded.
   */
  async reproduce(refusal: Application, action: string): Promise<Application | null> {
    const scene = refusal.snapshot === null ? null : await this.sceneOf(refusal.run);
    if (!scene || refusal.snapshot === null) return refusal;
    const seed = `again-${applicationId(refusal)}`;
    const clone = await snapshotsOf(scene.session).clone(refusal.snapshot, seed);
    try {
      const { result, state } = await clone.act(
        makeAction(action, (await scene.rules.words()).parameters.get(action) ?? [], refusal.args),
        seed,
      );
      const isRefused = !result.ok && result.code === 'not-applicable';
      return isRefused ? { ...refusal, before: state ?? (await clone.observe()) } : null;
    } finally {
      await clone.close();
    }
  }

  /**
   * The applications that teach something. Refusals that the known rules explain, and those that a clone does not
   * repeat, do not; nor does a success that the known rules forbid in the state that was recorded: the world was
   * another one by then.
   */
  async clean(applications: readonly Application[], action: string): Promise<readonly Application[]> {
    const found: Application[] = [];
    for (const application of applications) {
      const seen = application.ok ? application : await this.reproduce(application, action);
      if (seen && !(await this.isForbidden(seen, action))) found.push(seen);
    }
    return found;
  }

  /** Whether the rules that are known would refuse it. */
  private async isForbidden({ run, before, args }: Application, action: string): Promise<boolean> {
    const scene = await this.sceneOf(run);
    return scene !== null && 'brokenAt' in (await scene.rules.explain(before, [{ action, args }], '(and)'));
  }

  /**
   * Runs the pairs, with seeds of this round; none where the world keeps no snapshots or the tool has nothing to offer
   * in these states.
   */
  async run(tool: Tool, applications: readonly Application[], signal: AbortSignal): Promise<TrialsDone> {
    const pairs: TrialPair[] = [];
    const before = tool.evidence.pairs;
    const cases = await this.cases(
      tool,
      applications.filter((a) => !a.ok && a.snapshot !== null),
      signal,
    );
    for (let i = 0; i < MOST_PAIRS && cases.length > 0 && !signal.aborted; i++) {
      const { scene, refusal, first } = cases[i % cases.length]!;
      const action: Step = { action: tool.body.action, args: refusal.args };
      const seed = `trial-${tool.id}-${before + i}`;
      const without = await this.arm(scene, refusal, seed, [], action);
      const withTool = await this.arm(scene, refusal, seed, first, action);
      pairs.push({ seed, without, withTool });
      const wins = pairs.filter((p) => p.withTool && !p.without).length;
      const losses = pairs.filter((p) => p.without && !p.withTool).length;
      if (eValue(wins, losses) >= ADMISSION || losses - wins >= HOPELESS || pairs.length - wins > MOST_PAIRS / 2) break;
    }
    return { pairs, tried: cases.slice(0, pairs.length).map(({ refusal }) => applicationId(refusal)) };
  }

  /** The refusals in which the tool would do something, with what it would do. */
  private async cases(tool: Tool, refusals: readonly Application[], signal: AbortSignal): Promise<readonly Case[]> {
    const found: Case[] = [];
    for (const refusal of refusals) {
      const scene = await this.sceneOf(refusal.run);
      const first = scene && (await this.preparation(tool, scene, refusal, signal));
      if (scene && first) found.push({ scene, refusal, first });
      if (found.length === MOST_PAIRS) break;
    }
    return found;
  }

  /** What the tool puts before the action in this state; null where it puts nothing, or cannot. */
  private async preparation(
    tool: Tool,
    scene: Scene,
    refusal: Application,
    signal: AbortSignal,
  ): Promise<readonly Step[] | null> {
    const { body } = tool;
    if (body.kind === 'hint') return null;
    if (body.kind === 'macro') {
      const ground = (arg: string): string => groundLiteral(arg, body.parameters, refusal.args);
      return body.first.map((s) => ({ action: s.action, args: s.args.map(ground) }));
    }
    // The guard's literal and the action's own needs must hold together when the action's turn comes.
    const wanted = [
      groundLiteral(body.requires, body.parameters, refusal.args),
      ...(await needsOf(scene, body.action, refusal, signal)),
    ];
    const result = await this.parts.search(
      {
        domain: scene.domain,
        problem: scene.problem,
        state: refusal.before,
        goal: `(and ${wanted.join(' ')})`,
        budget: { evaluated: 20_000 },
        turn: refusal.run,
      },
      signal,
    );
    return result.kind === 'solved' && result.steps.length > 0 ? result.steps : null;
  }

  private async arm(
    scene: Scene,
    refusal: Application,
    seed: string,
    first: readonly Step[],
    action: Step,
  ): Promise<boolean> {
    const clone = await snapshotsOf(scene.session).clone(refusal.snapshot!, seed);
    try {
      for (const [i, step] of first.entries()) if (!(await this.act(clone, scene, step, `${seed}-${i}`))) return false;
      return await this.act(clone, scene, action, `${seed}-last`);
    } finally {
      await clone.close();
    }
  }

  private async act(session: WorldSession, scene: Scene, step: Step, key: string): Promise<boolean> {
    const parameters = (await scene.rules.words()).parameters.get(step.action) ?? [];
    for (let attempt = 0; attempt < SLIPS; attempt++) {
      const { result } = await session.act(makeAction(step.action, parameters, step.args), `${key}-${attempt}`);
      if (result.ok) return true;
      if (result.code !== 'effect-mismatch') return false;
    }
    return false;
  }
}

async function needsOf(
  scene: Scene,
  action: string,
  refusal: Application,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const plan = await scene.rules.explain(refusal.before, [{ action, args: refusal.args }], '(and)', signal);
  return 'brokenAt' in plan ? [] : plan.steps[0]!.needs;
}
