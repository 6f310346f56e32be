import { nodeSpecSchema, type NodeSpecInput } from '@praxis/core';
import { NodeProbe } from './node-probe.js';

type Pages = Readonly<Record<string, string | { readonly status: number; readonly body: string }>>;

/** A probe of a server with these pages; all others are 404. */
function probeOf(pages: Pages | (() => Pages), spec: Partial<NodeSpecInput> = {}, echo = true) {
  const asked: string[] = [];
  let now = 50_000;
  const probe = new NodeProbe(nodeSpecSchema.parse({ name: 'n', url: 'http://n:8000/v1', ...spec }), {
    get: async (url) => {
      const path = url.replace('http://n:8000', '');
      asked.push(path);
      const page = (typeof pages === 'function' ? pages() : pages)[path];
      return page === undefined
        ? { status: 404, body: 'no such page' }
        : typeof page === 'string'
          ? { status: 200, body: page }
          : page;
    },
    now: () => now,
    timeoutMs: 1_000,
    signal: new AbortController().signal,
    key: 'sesame',
    echo,
  });
  return { probe, asked, later: (ms: number) => (now += ms) };
}

const models = (owner: string, more: object = {}) =>
  JSON.stringify({ object: 'list', data: [{ id: 'm', object: 'model', owned_by: owner, ...more }] });

const VLLM = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 3.0
vllm:num_requests_running{engine="1",model_name="m"} 4.0
vllm:num_requests_waiting{engine="0",model_name="m"} 0.0
vllm:num_requests_waiting{engine="1",model_name="m"} 2.0
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.75
vllm:cache_config_info{block_size="16",cache_dtype="auto",engine="0",num_gpu_blocks="1000"} 1.0
vllm:cache_config_info{block_size="16",cache_dtype="auto",engine="1",num_gpu_blocks="1000"} 1.0
vllm:engine_sleep_state{engine="0",model_name="m",sleep_state="awake"} 1.0
vllm:request_success_total{engine="0",finished_reason="stop",model_name="m"} 12.0
`;

describe('NodeProbe', () => {
  it('reads the load of vLLM, added up over the engines of a data-parallel node', async () => {
    const { probe } = probeOf({
      '/health': '',
      '/v1/models': models('vllm', { max_model_len: 32_768 }),
      '/metrics': VLLM,
    });
    expect(await probe.look()).toEqual({
      at: 50_000,
      isUp: true,
      engine: 'vllm',
      note: '',
      running: 7,
      waiting: 2,
      kvUse: 0.5,
      models: ['m'],
      contexts: { m: 32_768 },
      kvTokens: 32_000,
    });
    expect(probe.engine).toBe('vllm');
  });

  it('reads the names of older vLLM', async () => {
    const metrics =
      'vllm:num_requests_running{model_name="m"} 1\nvllm:num_requests_waiting{model_name="m"} 0\nvllm:gpu_cache_usage_perc{model_name="m"} 0.9\nvllm:cache_config_info{block_size="16",num_gpu_blocks="None"} 1\n';
    const { probe } = probeOf({ '/health': '', '/metrics': metrics }, { engine: 'vllm' });
    const report = await probe.look();
    expect(report).toMatchObject({ isUp: true, running: 1, waiting: 0, kvUse: 0.9, models: null });
    expect(report).not.toHaveProperty('kvTokens');
  });

  it('takes a sleeping vLLM for down', async () => {
    const { probe } = probeOf({
      '/health': '',
      '/v1/models': models('vllm'),
      '/metrics': 'vllm:num_requests_running 0\nvllm:engine_sleep_state{sleep_state="awake"} 0\n',
    });
    expect(await probe.look()).toMatchObject({ isUp: false, note: 'it is asleep' });
  });

  it('reads the load of SGLang, and counts nothing twice that it writes once more for each priority', async () => {
    const metrics = `sglang:num_running_reqs{model_name="m",tp_rank="0",priority=""} 5
sglang:num_running_reqs{model_name="m",tp_rank="0",priority="1"} 3
sglang:num_running_reqs{model_name="m",tp_rank="0",priority="2"} 2
sglang:num_queue_reqs{model_name="m",tp_rank="0"} 1
sglang:token_usage{model_name="m",tp_rank="0"} 0.37
sglang:cache_config_info{page_size="64",num_pages="500"} 1
`;
    const { probe } = probeOf({
      '/health': '',
      '/v1/models': models('sglang', { max_model_len: 8_192 }),
      '/metrics': metrics,
    });
    expect(await probe.look()).toMatchObject({
      running: 5,
      waiting: 1,
      kvUse: 0.37,
      kvTokens: 32_000,
      contexts: { m: 8_192 },
    });
    expect(probe.engine).toBe('sglang');
  });

  it('knows how many requests llama.cpp works on, with and without its metrics', async () => {
    const pages = {
      '/health': '{"status":"ok"}',
      '/v1/models': models('llamacpp', { meta: { n_ctx: 4_096, n_ctx_train: 32_768 } }),
      '/props': '{"default_generation_settings":{},"total_slots":4,"model_path":"m.gguf"}',
    };
    expect(await probeOf(pages).probe.look()).toMatchObject({
      isUp: true,
      slots: 4,
      running: null,
      contexts: { m: 4_096 },
    });
    const metrics = 'llamacpp:requests_processing 2\nllamacpp:requests_deferred 1\n';
    expect(await probeOf({ ...pages, '/metrics': metrics }).probe.look()).toMatchObject({
      slots: 4,
      running: 2,
      waiting: 1,
      kvUse: null,
    });
  });

  it.each([
    ['{"total_slots":2,"chat_template_caps":{"supports_tools":true,"supports_tool_calls":true}}', 'native'],
    ['{"total_slots":2,"chat_template_caps":{"supports_tools":false,"supports_tool_calls":false}}', 'none'],
    ['{"total_slots":2,"chat_template_caps":{"supports_tools":true,"supports_tool_calls":false}}', 'none'],
    ['{"total_slots":2}', undefined],
    ['{"total_slots":2,', undefined],
  ])('knows whether the template of a llama.cpp model knows tools: %s', async (props, tools) => {
    const pages = { '/health': '{"status":"ok"}', '/v1/models': models('llamacpp'), '/props': props };
    expect((await probeOf(pages).probe.look()).tools).toBe(tools);
  });

  it('finds out TGI by its metrics and Ollama by its version page', async () => {
    const tgi = probeOf({
      '/health': '',
      '/v1/models': models('org/m'),
      '/metrics': 'tgi_batch_current_size 6\ntgi_queue_size 2\n',
    });
    expect(await tgi.probe.look()).toMatchObject({ isUp: true, running: 6, waiting: 2 });
    expect(tgi.probe.engine).toBe('tgi');
    const ollama = probeOf({ '/api/version': '{"version":"0.20.1"}', '/v1/models': models('library') });
    expect(await ollama.probe.look()).toMatchObject({ isUp: true, running: null, slots: 4, models: ['m'] });
    expect(ollama.probe.engine).toBe('ollama');
  });

  it('finds out once, and asks what is served only now and then', async () => {
    const { probe, asked, later } = probeOf({
      '/health': '',
      '/v1/models': models('somebody'),
      '/metrics': 'vllm:num_requests_running 1\n',
    });
    for (let i = 0; i < 5; i++) {
      await probe.look();
      later(1_000);
    }
    expect(asked.filter((path) => path === '/v1/models')).toHaveLength(1);
    expect(asked.filter((path) => path === '/api/version')).toHaveLength(0);
    later(10_000);
    await probe.look();
    expect(asked.filter((path) => path === '/v1/models')).toHaveLength(2);
  });

  it('waits with finding out until the server has loaded its model', async () => {
    const loading = {
      status: 503,
      body: '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
    };
    let pages: Pages = { '/v1/models': loading };
    const { probe } = probeOf(() => pages);
    expect(await probe.look()).toMatchObject({ isUp: false, note: 'it answered 503: Loading model' });
    pages = { '/health': '{"status":"ok"}', '/v1/models': models('llamacpp'), '/props': '{"total_slots":2}' };
    expect(await probe.look()).toMatchObject({ isUp: true, slots: 2 });
  });

  it('shows nothing of what a server says that a caller named, which may be any', async () => {
    const { probe } = probeOf(
      { '/v1/models': { status: 503, body: '{"error":{"message":"the words of an inner service"}}' } },
      {},
      false,
    );
    expect(await probe.look()).toMatchObject({ isUp: false, note: 'it answered 503' });
  });

  it('takes a server for there that has no such pages, or wants another key for them', async () => {
    expect(await probeOf({}).probe.look()).toMatchObject({ isUp: true, models: null, running: null });
    expect(await probeOf({ '/v1/models': { status: 401, body: 'who are you' } }).probe.look()).toMatchObject({
      isUp: true,
      models: null,
    });
  });

  it('says why a server that is there does not tell what it serves, in its own words and without the key', async () => {
    const told = async (
      body: string | { readonly status: number; readonly body: string },
      spec: Partial<NodeSpecInput> = {},
      echo = true,
    ): Promise<string> => (await probeOf({ '/v1/models': body }, spec, echo).probe.look()).note;
    const denied = { status: 401, body: '{"error":{"message":"Incorrect API key provided: sesame"}}' };
    expect(await told(denied)).toBe('asked for its models, it answered 401: Incorrect API key provided: ***');
    expect(await told(denied, {}, false)).toBe('asked for its models, it answered 401');
    expect(await told({ status: 404, body: '' })).toBe('asked for its models, it answered 404');
    expect(await told('<html>sign in</html>')).toBe('its list of models cannot be read');
    expect(await told('{"data":[]}')).toBe('it lists no model');
    expect(await told(models('vllm'))).toBe('');
    expect(await told(denied, { serves: [{ name: 'm' }] })).toBe('');
  });

  it('never rejects, and never shows the key', async () => {
    const probe = new NodeProbe(nodeSpecSchema.parse({ name: 'n', url: 'http://n/v1' }), {
      get: () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }),
        ),
      now: () => 1,
      timeoutMs: 1,
      signal: new AbortController().signal,
      key: 'sesame',
    });
    expect(await probe.look()).toMatchObject({ isUp: false, note: 'no connection (ECONNREFUSED)', models: null });
    const rude = probeOf(
      { '/health': { status: 500, body: '{"error":{"message":"your key sesame is bad"}}' } },
      { engine: 'vllm' },
    );
    const { note } = await rude.probe.look();
    expect(note).toBe('it answered 500: your key *** is bad');
  });
});
