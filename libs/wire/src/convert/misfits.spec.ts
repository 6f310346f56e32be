import { UNBOUNDED, type RunEvent } from '@praxis/core';
import * as goalPb from '../gen/praxis/v1/goal.js';
import { QueueBackend } from '../gen/praxis/v1/overview.js';
import * as questionPb from '../gen/praxis/v1/question.js';
import { RunEvent as RunEventPb } from '../gen/praxis/v1/run_event.js';
import * as pb from '../gen/praxis/v1/types.js';
import { fromEvent } from '../watched-event.js';
import { fromAction, fromSkill, toSkill } from './action.js';
import { fromGoal } from './goal.js';
import { fromForkRequest, fromGcRequest } from './history.js';
import { fromNodeState } from './plan.js';
import { fromOverview } from './overview.js';
import { fromAnswer } from './question.js';
import { fromRunEvent } from './run-event.js';
import { fromObservation } from './state.js';
import { fromSchedule } from './schedule.js';
import { fromStepEvent } from './step-event.js';

describe('what a caller left out or got wrong', () => {
  const bare: goalPb.Goal = {
    title: 't',
    world: 'w',
    scenario: '',
    problem: undefined,
    condition: '',
    budget: undefined,
    archive: undefined,
    labels: {},
    models: {},
    request: '',
    inputs: undefined,
    checks: undefined,
    playbook: undefined,
    result: undefined,
    tenant: '',
    approvals: [],
  };
  const refusal = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (thrown) {
      return { code: (thrown as { code: string }).code, message: (thrown as Error).message };
    }
  };

  it("gives a goal core's defaults", () => {
    expect(fromGoal(bare)).toMatchObject({
      seed: '1',
      strategy: 'search',
      budget: { steps: 500, replans: 12 },
      archive: { space: 'default', learn: true },
    });
  });
  it('counts what an overview does not name as none, and knows queues that are away from queues that are empty', () => {
    const nothing = { backend: QueueBackend.POSTGRES, runs: [], tools: [], executors: [], questions: 0 };
    expect(fromOverview({ ...nothing, queues: undefined })).toEqual({
      backend: 'postgres',
      executors: [],
      queues: null,
      questions: 0,
      runs: { waiting: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0 },
      tools: { candidate: 0, active: 0, rejected: 0, retired: 0 },
    });
    expect(fromOverview({ ...nothing, queues: { queues: [] } }).queues).toEqual([]);
  });
  it('names the field of a goal that is wrong', () => {
    expect(
      refusal(() => fromGoal({ ...bare, budget: { steps: 0, whenSpent: goalPb.WhenSpent.UNSPECIFIED } })),
    ).toMatchObject({ code: 'invalid', message: expect.stringContaining('goal.budget.steps') });
    expect(refusal(() => fromGoal({ ...bare, title: '' }))).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('goal.title'),
    });
  });
  it('names a part that is missing', () => {
    expect(refusal(() => fromObservation({ result: undefined, state: undefined, before: undefined }))).toEqual({
      code: 'invalid',
      message: 'The field observation.result is missing.',
    });
    expect(refusal(() => fromAction({ skill: 's', args: [{ name: 'x', value: undefined }] }))).toMatchObject({
      message: 'The field action.args.x is missing.',
    });
    expect(refusal(() => fromEvent({ stream: 's', position: 0, atMs: 0, body: undefined }))).toMatchObject({
      message: 'The field event.body is missing.',
    });
  });
  it('understands the events of an older planner, which knows no allowances, costs and questions', () => {
    const older = (event: NonNullable<RunEventPb['event']>): RunEvent =>
      fromRunEvent(RunEventPb.decode(RunEventPb.encode({ event }).finish()));
    expect(older({ $case: 'dispatched', value: { node: '1.1', attempt: 1, allowance: undefined } })).toEqual({
      type: 'dispatched',
      node: '1.1',
      attempt: 1,
      allowance: UNBOUNDED,
    });
    expect(older({ $case: 'cancelling', value: { reason: 'r', outcome: pb.Outcome.UNSPECIFIED } })).toEqual({
      type: 'cancelling',
      reason: 'r',
      outcome: 'cancelled',
    });
    const settled = {
      node: '1.1',
      attempt: 1,
      outcome: pb.Outcome.DONE,
      reason: '',
      steps: 2,
      failedSteps: 0,
      replans: 0,
      toolsUsed: [],
      failures: [],
      spent: undefined,
      heard: [],
      outputs: {},
    };
    expect(older({ $case: 'settled', value: settled })).toMatchObject({
      spent: { steps: 0, calls: 0, tokens: 0, money: 0, risk: 0 },
    });
    const opened = {
      session: 's',
      domainName: '',
      domain: '',
      problem: '',
      condition: '',
      agents: [],
      tools: [],
      approvals: [],
      versions: undefined,
      prompts: {},
      constraints: [],
      denied: [],
      checks: undefined,
      call: undefined,
      spent: undefined,
    };
    expect(older({ $case: 'opened', value: opened })).toMatchObject({
      approvals: [],
      versions: { planning: 1, acting: 1 },
    });
    expect(
      fromNodeState('node', { status: pb.NodeStatus.PENDING, attempt: 0, reason: '', allowance: undefined }).allowance,
    ).toEqual(UNBOUNDED);
  });
  it('refuses a fork before the first step, an age below 0, and a skill that gives budget back', () => {
    expect(
      refusal(() => fromForkRequest({ runId: 'r', at: { step: -1 }, freshArchive: false, action: undefined })),
    ).toMatchObject({ code: 'invalid', message: 'The field fork.at.step is less than 0.' });
    expect(
      refusal(() => fromForkRequest({ runId: 'r', at: undefined, freshArchive: false, action: undefined })),
    ).toMatchObject({ message: 'The field fork.at is missing.' });
    expect(refusal(() => fromGcRequest({ maxAgeMs: -1, dryRun: true }))).toMatchObject({
      message: 'The field garbage.maxAgeMs is less than 0.',
    });
    const generous = toSkill({
      name: 'x',
      summary: '',
      parameters: [],
      effect: 'pure',
      keyed: false,
      source: '',
      money: -1,
    });
    expect(refusal(() => fromSkill(generous))).toMatchObject({ message: 'The field skill.x.money is not an amount.' });
  });
  it('refuses an answer without a verdict, and a schedule without a time', () => {
    const nobody = {
      verdict: questionPb.Verdict.UNSPECIFIED,
      by: '',
      reason: '',
      args: undefined,
      grant: undefined,
      valueJson: '',
    };
    expect(refusal(() => fromAnswer(nobody))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/answer\.verdict must be one of approve, reject/),
    });
    expect(refusal(() => fromAnswer({ ...nobody, verdict: questionPb.Verdict.ANSWER, valueJson: '{' }))).toMatchObject({
      message: 'The field answer.value is not a JSON text.',
    });
    expect(refusal(() => fromSchedule({ id: 's', goal: bare, timing: undefined, createdAtMs: 0 }))).toMatchObject({
      message: 'The field schedule.timing is missing.',
    });
  });
  it('names a word of a newer release', () => {
    const bytes = pb.SkillManifest.encode(
      toSkill({ name: 'x', summary: '', parameters: [], effect: 'pure', keyed: false, source: '' }),
    )
      .uint32(32)
      .int32(99)
      .finish();
    expect(refusal(() => fromSkill(pb.SkillManifest.decode(bytes)))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/skill\.x\.effect must be one of pure, reversible/),
    });
  });
  it('refuses an argument that stands twice and a text that is not JSON', () => {
    expect(
      refusal(() =>
        fromAction({
          skill: 's',
          args: [
            { name: 'x', value: 1 },
            { name: 'x', value: 2 },
          ],
        }),
      ),
    ).toMatchObject({ message: 'The field action.args.x stands twice.' });
    expect(
      refusal(() => fromStepEvent({ event: { $case: 'answered', value: { id: '1', answerJson: '{' } } })),
    ).toMatchObject({ message: 'The field answered.answer is not a JSON text.' });
  });
});
