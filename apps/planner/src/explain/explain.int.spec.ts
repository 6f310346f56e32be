import {
  planningStream,
  stepEvents,
  subgoalStream,
  linkAnswer,
  linkTranscript,
  makeSubgoalId,
  readRun,
  type Json,
} from '@praxis/core';
import { Execute } from '@praxis/executor';
import { Outside, Rehearsal, stopTestPostgres, workshopGoal, workshopSkills } from '@praxis/testing';
import { Advance } from '../advance.js';
import { PlannerService } from '../api/planner-service.js';

let rehearsal: Rehearsal;
let parts: ReturnType<Rehearsal['parts']>;
let api: PlannerService;
let run: string;
beforeAll(async () => {
  rehearsal = await Rehearsal.open(workshopSkills(new Outside()));
  parts = rehearsal.parts();
  api = new PlannerService(parts);
  run = await api.submit(workshopGoal('(packed cup)'), null);
  await rehearsal.play({ advance: new Advance(parts), execute: new Execute(parts) });
});
afterAll(async () => {
  await rehearsal?.close();
  await stopTestPostgres();
});

describe('praxis why, on a run that was carried out', () => {
  it('tells of every step what search proposed and nothing of models, and of the plan how it was checked', async () => {
    const { subgoals } = await readRun(run, parts.store.journal);
    const steps = subgoals.flatMap((s) => s.events).filter((e) => stepEvents.decode(e).type === 'decided').length;
    expect(steps).toBeGreaterThan(1);
    for (let step = 0; step < steps; step++) {
      const { decision, thoughts } = await api.explain({ run, at: { step }, prompts: true });
      expect(decision).toMatchObject({ number: step });
      const proposed = thoughts.filter((t) => t.kind === 'propose');
      expect(proposed).toMatchObject([{ by: 'search', record: null, gone: '', isEarlier: decision!.step > 0 }]);
      expect(proposed[0]!.results.join()).toContain(`(${decision!.action.skill} `);
    }
    expect(await api.explain({ run, at: { plan: null }, prompts: false })).toMatchObject({
      planning: { version: 1, outcome: 'done' },
      thoughts: [
        { kind: 'propose', by: 'search' },
        { kind: 'verify', by: 'checker', results: [] },
      ],
    });
    await expect(api.explain({ run, at: { step: steps }, prompts: false })).rejects.toMatchObject({ code: 'missing' });
  });

  it('tells what a model was asked and answered as the blob store keeps it', async () => {
    const messages = [
      { role: 'system', content: 'You plan.' },
      { role: 'user', content: 'Pack the cup.' },
    ];
    const { head, links } = linkTranscript(messages);
    const usage = { input: 5, cached: 0, output: 2, reasoning: 0 };
    const sample = {
      answer: { text: 'so', reasoning: '', toolCalls: [], value: null, finish: 'stop', usage, later: 'field' },
      problem: '',
      model: 'm',
      node: 'n',
      choices: [],
    };
    const answer = linkAnswer(head, {
      role: 'planner',
      prompt: { name: 'meta-plan', sha256: 'ab' },
      leftOut: {},
      offered: [],
      samples: [sample],
    } as unknown as Json);
    await parts.store.blobs.keep([...links, answer]);
    const stream = planningStream(run, 2);
    const opened = stepEvents.decode((await parts.store.journal.read(subgoalStream(makeSubgoalId(run, '1.1', 1))))[0]!);
    await parts.store.journal.append(stream, 0, [
      stepEvents.encode(opened),
      stepEvents.encode({
        type: 'proposed',
        id: 'p0',
        candidates: [],
        note: 'no',
        call: { prompt: head!, answer: answer.sha256 },
      }),
    ]);
    const { thoughts } = await api.explain({ run, at: { plan: 2 }, prompts: true });
    expect(thoughts).toMatchObject([
      {
        gone: '',
        record: {
          role: 'planner',
          samples: [{ model: 'm', node: 'n', answer: { text: { text: 'so', leftOut: 0 }, usage } }],
        },
      },
    ]);
    expect(thoughts[0]!.record!.messages.map((m) => [m.role, m.content.text])).toEqual(
      messages.map((m) => [m.role, m.content]),
    );
  });
});
