import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSkills, SkillRegistry } from '@praxis/actions';
import type { Json, PlaybookFile } from '@praxis/core';
import { openApiSkills } from './own-api/openapi-skills.js';
import { hasRetail, isRead, NEEDS_RETAIL, retailApi, retailTasks, valueOf, type Args } from './own-api/published.js';
import { finalDocuments, RecordedApi } from './own-api/recorded-api.js';
import { outputOf } from './own-api/retail-outputs.js';
import { onePlaybook, taskPlaybook } from './own-api/task-playbook.js';
import { praxis, sandbox, start, type Finished, type Running } from './praxis.js';

/** The document says `string`, its own text and every call a list. */
const LIST: Json = { type: 'array', items: { type: 'string' } };
const CORRECTIONS = { item_ids: LIST, new_item_ids: LIST };

/** What `--json` prints last. */
interface End {
  readonly run: string;
  readonly outcome: string;
  readonly reason: string;
  readonly result: { readonly value: unknown } | null;
}

(hasRetail ? describe : describe.skip)(`a person's own API, declared from its document (${NEEDS_RETAIL})`, () => {
  const box = sandbox({
    PRAXIS_SWEEP_INTERVAL_MS: '500',
    PRAXIS_EXECUTOR_COUNT: '1',
    // What the shop says decides what is ordered: the deployment says that this is as it should be.
    PRAXIS_APPROVALS_RULES: 'allow skill=shop.*',
  });
  const tasks = hasRetail ? retailTasks() : [];
  let api: RecordedApi;
  let services: Running;
  let env: NodeJS.ProcessEnv;

  const skillsFile = (corrections: Readonly<Record<string, Json>>): string =>
    openApiSkills(retailApi(), {
      ...{ server: api.url, namespace: 'shop', corrections, isRead, outputOf },
      nameOf: (path) => path.replace('/tools/', ''),
    });
  beforeAll(async () => {
    api = await RecordedApi.open();
    env = { ...box.env, PRAXIS_SKILLS_FILE: write('skills.json', skillsFile(CORRECTIONS)) };
    services = start(['start'], env);
    await services.until(/Ctrl-C stops everything/);
  });
  afterAll(async () => {
    await services?.kill('SIGKILL');
    await api?.close();
    box.remove();
  });

  const write = (name: string, text: string): string => {
    writeFileSync(join(box.dir, name), text);
    return join(box.dir, name);
  };
  const tell = (...args: readonly string[]): Promise<Finished> => praxis(args, env, box.dir);
  const run = async (playbook: PlaybookFile): Promise<End> => {
    const { stdout, stderr } = await tell('run', write('playbook.json', JSON.stringify(playbook)), '--json');
    const last = stdout.trimEnd().split('\n').at(-1)!;
    if (last === '') throw new Error(stderr);
    return JSON.parse(last) as End;
  };

  it('offers every operation as a skill with types, and leaves none out', async () => {
    const { code, stdout } = await tell('skills', '--json');
    expect(code).toBe(0);
    const names = Object.keys(retailApi().paths).map((path) => path.replace('/tools/', 'shop.'));
    expect(names).toHaveLength(16);
    for (const name of names) expect(stdout).toContain(`"${name}"`);
    const order = JSON.parse((await tell('skills', 'shop.get_order_details', '--json')).stdout) as object;
    expect(JSON.stringify(order)).toContain('exchange_price_difference');
  });

  it.each(tasks.map((task) => [task.id, task] as const))(
    'makes each call of task %s once, as it was meant, and hands on what it gave',
    async (_, task) => {
      api.begin(task);
      const end = await run(taskPlaybook(task, 'shop').playbook);
      expect(end).toMatchObject({ outcome: 'done' });
      expect(api.requests).toEqual(
        task.calls.map((call) => ({
          method: 'POST',
          url: `/tools/${call.name}?tool_name=${call.name}`,
          args: call.arguments,
        })),
      );
      if (task.calls.length > 0)
        expect(end.result!.value).toEqual(task.calls.map((call) => (call.error ? null : valueOf(call))));
      expect(api.documents).toEqual(finalDocuments(task));
      expect(await tell('replay', end.run, '--mode', 'verify')).toMatchObject({ code: 0 });
      expect(api.requests).toHaveLength(task.calls.length);
    },
  );

  it('takes most arguments from what earlier calls gave', () => {
    const references = tasks.map((task) => taskPlaybook(task, 'shop').references);
    expect(references.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(60);
  });

  const ADDRESS = { order_id: '#W1', address1: 'a', address2: 'b', city: 'c', state: 'd', country: 'e' };
  const WRONG: readonly (readonly [string, string, Args, RegExp])[] = [
    ['is missing', 'cancel_pending_order', { order_id: '#W1' }, /reason is missing/],
    ['is of another type', 'modify_pending_order_address', { ...ADDRESS, zip: 19122 }, /zip must be a string.*19122/],
    ['is not known', 'get_order_details', { order_ids: '#W1' }, /there is no order_ids; did you mean `order_id`/],
    [
      'has an item of another type',
      'return_delivered_order_items',
      { order_id: '#W1', item_ids: [7], payment_method_id: 'p' },
      /item_ids\.0 must be a string, found 7/,
    ],
    ['is a text in place of a list', 'return_delivered_order_items', { ...ADDRESS, item_ids: '7' }, /item_ids/],
  ];
  it.each(WRONG)('refuses a call of which an argument %s before anything is sent', async (_, name, args, reason) => {
    api.begin({ calls: [] });
    await expect(run(onePlaybook(`shop.${name}`, args))).rejects.toThrow(reason);
    expect(api.requests).toEqual([]);
  });

  it('shows where the document and the calls do not agree: a list where the document says text', () => {
    const declared = parseSkills(skillsFile({}), { file: 'skills.json', secret: () => '' });
    const registry = SkillRegistry.of(declared.map(({ skill }) => skill));
    const faults = tasks.flatMap(({ calls }) =>
      calls.map((call) => registry.validationError({ skill: `shop.${call.name}`, args: { ...call.arguments } })),
    );
    const found = faults.filter((fault) => fault !== null);
    expect([faults.length, found.length]).toEqual([85, 17]);
    for (const fault of found) expect(fault).toMatch(/item_ids must be a string, found \[/);
  });
});
