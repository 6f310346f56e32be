import type { HttpGet } from '@praxis/inference';
import { loadSettings } from '@praxis/platform';
import { examineModels } from './examine-models.js';

type Input = Parameters<typeof examineModels>[0];
const settings = (model: Partial<Input['model']>, nodes: Partial<Input['nodes']> = {}): Input => {
  const { model: defaults, nodes: noNodes } = loadSettings({ env: {}, cwd: '/nowhere' });
  return { model: { ...defaults, ...model }, nodes: { ...noNodes, ...nodes } };
};
const KEY = 'sk-very-secret';
const asked: unknown[] = [];
const says =
  (status: number, body: unknown): HttpGet =>
  async (url, { key }) => (
    asked.push([url, key]),
    { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
  );
const fails =
  (error: unknown): HttpGet =>
  () =>
    Promise.reject(error);
const list = (...names: readonly string[]) => ({ object: 'list', data: names.map((id) => ({ id, object: 'model' })) });
const one = async (model: Partial<Input['model']>, get: HttpGet) => {
  const findings = await examineModels(settings(model), get);
  expect(findings).toHaveLength(1);
  return findings[0]!;
};
const url = 'http://gpu1:8000';
beforeEach(() => void asked.splice(0));

describe('what the doctor says of models', () => {
  it('is what to set where there is none, and that is no fault', async () => {
    expect(await one({}, fails(new Error('nobody is asked')))).toMatchObject({
      what: 'models',
      state: 'absent',
      detail: expect.stringContaining('set PRAXIS_MODEL_URL='),
    });
  });

  it("is what is served, asked for with the key and below the API's path", async () => {
    expect(await one({ url, key: KEY }, says(200, list('qwen3', 'bge')))).toEqual({
      what: 'models',
      state: 'ok',
      detail: 'model at http://gpu1:8000/v1 serves qwen3, bge',
    });
    expect(asked).toEqual([['http://gpu1:8000/v1/models', KEY]]);
  });

  it('is told of every node that the settings name', async () => {
    const findings = await examineModels(
      settings({ url }, { urls: { b: 'http://gpu2:8000/v1/' } }),
      says(200, list('m')),
    );
    expect(findings.map((f) => f.detail)).toEqual([
      'model at http://gpu1:8000/v1 serves m',
      'b at http://gpu2:8000/v1/ serves m',
    ]);
    expect(asked).toContainEqual(['http://gpu2:8000/v1/models', null]);
  });

  it('is what is wrong with the file of a model inside Praxis', async () => {
    const [finding, ...others] = await examineModels(
      settings({ gguf: '/nowhere/model.gguf' }),
      fails(new Error('nobody is asked')),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      state: 'broken',
      detail: 'The model /nowhere/model.gguf cannot be read (ENOENT); set PRAXIS_GGUF to the path of a GGUF file.',
    });
  });

  it.each([
    ['refuses the key', says(401, ''), 'PRAXIS_MODEL_KEY is not the right one'],
    ['has no such page', says(404, ''), 'usually ends in /v1'],
    ['is ill', says(503, ''), 'answers 503'],
    ['is something else', says(200, '<html>'), 'not as the OpenAI API does'],
    ['has nothing loaded', says(200, list()), 'serves no model yet'],
    [
      'is not there',
      fails(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })),
      '(ECONNREFUSED); is it running',
    ],
    ['says nothing', fails(new DOMException('late', 'TimeoutError')), 'no answer within 3 s'],
    [
      'is sent what cannot be sent',
      fails(new TypeError(`Headers.append: "Bearer ${KEY}" is an invalid header value.`)),
      'look at the address and the key',
    ],
  ])('is what to do where a node %s', async (_what, get, detail) => {
    const finding = await one({ url: 'http://gpu1:8000/v1', key: KEY }, get);
    expect(finding).toMatchObject({ state: 'broken', detail: expect.stringContaining(detail) });
    expect(finding.detail).toMatch(/^model at http:\/\/gpu1:8000\/v1 /);
    expect(JSON.stringify(finding)).not.toMatch(/secret|password/);
  });

  it('is that the model which was asked for is nowhere, where nodes answer', async () => {
    const named = settings({ url, name: 'gpt-oss' });
    expect(await examineModels(named, says(200, list('qwen3')))).toMatchObject([
      { state: 'ok' },
      { state: 'broken', detail: 'no node lists gpt-oss; set PRAXIS_MODEL_NAME to a model that is served' },
    ]);
    expect(await examineModels(named, says(200, list('gpt-oss')))).toHaveLength(1);
    expect(await examineModels(named, says(500, ''))).toHaveLength(1);
  });

  it('is where a list of nodes cannot be read', async () => {
    const findings = await examineModels(settings({}, { file: '/nowhere/nodes.yaml' }), says(200, list('m')));
    expect(findings).toMatchObject([{ state: 'broken', detail: expect.stringContaining('PRAXIS_NODES_FILE') }]);
  });

  it('is the recording where answers come from one', async () => {
    expect(await one({ replay: 'tape.jsonl', url }, fails(new Error('nobody is asked')))).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('tape.jsonl'),
    });
  });
});
