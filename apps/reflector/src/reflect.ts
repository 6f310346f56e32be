import {
  ERROR_TABLE,
  PraxisError,
  fold,
  parseSubgoalId,
  readTrajectory,
  runEvents,
  runStream,
  stepEvents,
  subgoalStream,
  rulesIn,
  type Run,
  type SubgoalId,
  type Tool,
  type Trajectory,
} from '@praxis/core';
import { leaf } from '@praxis/platform';
import { BelievedRules, printFormula, type ActionSchema, type Domain, type Formula } from '@praxis/search';
import { applicationId, applicationsOf, heldAt, liftedLiterals, type Application } from './distilling/application.js';
import { contrast, type Suspect } from './distilling/contrast.js';
import { proposeGuard, proposeHint, proposeMacro, type Provenance } from './distilling/propose.js';
import { addTrials, ADMISSION } from './evidence.js';
import type { ReflectorParts } from './parts.js';
import { Scenes } from './scene.js';
import { Trials } from './trials.js';

/** How many earlier trajectories of the same domain are read for successes and refusals. */
const MEMORY = 40;
/** How many suspects of one action are tried in a clone before the reflector gives up on it. */
const SUSPECTS = 10;

interface Lesson {
  readonly run: Run;
  readonly domain: Domain;
  readonly action: ActionSchema;
  readonly applications: readonly Application[];
}

/**
 * The heart of the reflector: from a trajectory with refusals to tools in the archive.
 *
 * reflect.1 Only what the world refused is learned from; the judge is the world, in clones of the very states of
 *           refusal.
 * reflect.2 A tool of whatever kind becomes active only when paired trials say so (e-value of 20 or more); otherwise it
 *           is kept as rejected, or as a candidate where nothing was tried.
 * reflect.3 A refusal that an active guard or the known rules already explain teaches nothing new.
 * reflect.4 Reflecting twice on one trajectory adds nothing: tools are content-addressed, and what was tried in a
 *           refusal is not tried in it again. A rejected tool is tried once more where there are as many new refusals
 *           as it was tried in before.
 * reflect.5 A trajectory that cannot be learned from is put aside with a word to the operator; it blocks nothing.
 * reflect.6 Only clean refusals teach: in the state that was believed, and repeated by a clone where there is one.
 */
export class Reflect {
  constructor(private readonly parts: ReflectorParts) {}

  /** Learns from one subgoal's trajectory. */
  async on(subgoal: SubgoalId, signal: AbortSignal): Promise<void> {
    await this.study(subgoal, signal).catch((thrown: unknown) => {
      const error = PraxisError.from(thrown);
      if (ERROR_TABLE[error.code].retry !== 'never' || error.code === 'cancelled') throw error;
      // reflect.5: trying again would fail again.
      this.parts.log.error('a trajectory could not be learned from', { subgoal, err: error });
    });
    await this.parts.store.work.markReflected(subgoal);
  }

  private async study(subgoal: SubgoalId, signal: AbortSignal): Promise<void> {
    const id = parseSubgoalId(subgoal);
    const run = id && fold((await this.parts.store.journal.read(runStream(id.run))).map((e) => runEvents.decode(e)));
    const trajectory = await this.trajectory(subgoal);
    // Where no rules are told there is nothing that a tool could correct.
    if (!run?.opened || rulesIn(run.opened) === null || !trajectory || !run.goal.archive.learn) return;
    const refused = new Set(
      trajectory.steps.filter((s) => !s.result.ok && s.result.code === 'not-applicable').map((s) => s.action.skill),
    );
    const domain = await new BelievedRules(run.opened, [], { turn: id!.run, signal }).domain();
    for (const name of refused) {
      const action = domain.actions.find((a) => a.name === name);
      if (action)
        await this.learn({ run, domain, action, applications: await this.applications(name, run, subgoal) }, signal);
    }
  }

  private async learn(lesson: Lesson, signal: AbortSignal): Promise<void> {
    const { run, domain: rules, action } = lesson;
    const { space } = run.goal.archive;
    const domain = run.opened!.domainName;
    const known = await this.parts.store.archive.list(space);
    const mine = known.filter((t) => t.domain === domain && t.body.action === action.name);
    const unexplained = lesson.applications.filter((a) => a.ok || !explained(a, action, mine));
    const trials = this.trials();
    const applications = await trials.clean(unexplained, action.name);
    const parameters = action.parameters.map((p) => p.name);
    const found = contrast(
      liftedLiterals(rules, action.parameters),
      conjuncts(action.precondition),
      parameters,
      applications,
    );
    if (found.refusals === 0) return;
    const from: Provenance = {
      space,
      domain,
      subgoals: [...new Set(applications.map((a) => a.subgoal))],
      contrast: found,
      now: this.parts.clock.now(),
    };
    const refusals = applications.filter((a) => !a.ok);
    const propose = (suspect: Suspect): readonly Proposed[] => {
      const proposed = asProposed(proposeGuard(action, suspect, from), mine, refusals);
      return proposed ? [{ suspect, ...proposed }] : [];
    };
    const fresh = found.suspects.flatMap(propose);
    for (const { suspect, tool, refusals: untried } of fresh.slice(0, SUSPECTS)) {
      if (!(await this.admit(tool, untried, trials, signal))) continue;
      const macro = proposeMacro(rules, action, suspect, from);
      const proposed = macro && asProposed(macro, mine, refusals);
      if (proposed) await this.admit(proposed.tool, proposed.refusals, trials, signal);
      return;
    }
    // It was not tried, and nothing could try it: people may read it, and nobody acts on it.
    if (fresh.length === 0 && mine.length === 0) await this.parts.store.archive.save(proposeHint(action, from));
  }

  private trials(): Trials {
    const scenes = new Scenes(this.parts);
    return new Trials((run) => scenes.of(run), this.parts);
  }

  /** Tries a tool in clones and stores it with what the trials showed (reflect.2). */
  private async admit(
    tool: Tool,
    refusals: readonly Application[],
    trials: Trials,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { pairs, tried } = await leaf(
      'trial',
      { 'praxis.tool.id': tool.id, 'praxis.tool.kind': tool.body.kind, 'praxis.tool.action': tool.body.action },
      () => trials.run(tool, refusals, signal),
    );
    const evidence = addTrials(tool.evidence, pairs, tried);
    const admitted = evidence.eValue >= ADMISSION;
    // Without a single pair nothing was shown either way: the tool stays a candidate for a later refusal.
    const trust = admitted ? 'active' : pairs.length > 0 ? 'rejected' : tool.trust;
    await this.parts.store.archive.save({ ...tool, trust, evidence });
    await this.parts.store.archive.recordTrials(tool.id, pairs);
    this.parts.log.info('tool tried', {
      tool: tool.id,
      title: tool.title,
      trust,
      pairs: pairs.length,
      eValue: Math.round(evidence.eValue),
    });
    return admitted;
  }

  private async applications(action: string, run: Run, subgoal: SubgoalId): Promise<readonly Application[]> {
    const recent = await this.parts.store.work.recentSubgoals({
      domain: run.opened!.domainName,
      space: run.goal.archive.space,
      limit: MEMORY,
    });
    const found: Application[] = [];
    for (const id of new Set([subgoal, ...recent])) {
      const trajectory = await this.trajectory(id);
      if (trajectory) found.push(...applicationsOf(action, parseSubgoalId(id)!.run, id, trajectory));
    }
    return found;
  }

  private async trajectory(subgoal: SubgoalId): Promise<Trajectory | null> {
    return readTrajectory(
      (await this.parts.store.journal.read(subgoalStream(subgoal))).map((e) => stepEvents.decode(e)),
    );
  }
}

/** A tool that is worth trying, and the refusals in which it was not tried before. */
interface Proposed {
  readonly suspect: Suspect;
  readonly tool: Tool;
  readonly refusals: readonly Application[];
}

/** A tool as it is to be tried; null where that would tell nothing new (reflect.4). */
function asProposed(
  tool: Tool,
  known: readonly Tool[],
  refusals: readonly Application[],
): Omit<Proposed, 'suspect'> | null {
  const old = known.find((t) => t.id === tool.id);
  if (!old || old.trust === 'candidate') return { tool, refusals };
  if (old.trust !== 'rejected') return null;
  const { tried } = old.evidence;
  const untried = refusals.filter((r) => r.snapshot !== null && !tried?.includes(applicationId(r)));
  if (untried.length < Math.max(1, tried?.length ?? 0)) return null;
  const { pairs, wins, losses, eValue } = old.evidence;
  // Where nobody noted in which refusals it was tried, they may have been false ones: only the seeds are not used
  // again.
  const evidence = tried ? { ...tool.evidence, pairs, wins, losses, eValue, tried } : { ...tool.evidence, pairs };
  return { tool: { ...tool, trust: 'rejected', evidence }, refusals: untried };
}

function explained(application: Application, action: ActionSchema, tools: readonly Tool[]): boolean {
  const parameters = action.parameters.map((p) => p.name);
  return tools.some(
    (t) => t.trust === 'active' && t.body.kind === 'guard' && !heldAt(t.body.requires, parameters, application),
  );
}

/** The literals that a precondition names outright. */
function conjuncts(formula: Formula): ReadonlySet<string> {
  const parts = formula.kind === 'and' ? formula.parts : [formula];
  return new Set(parts.map(printFormula));
}
