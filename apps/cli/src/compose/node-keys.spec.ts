import { nodeSpecSchema } from '@praxis/core';
import { loadSettings } from '@praxis/platform';
import { ownNodes } from './compose-models.js';
import { keyOf } from './node-keys.js';

const settings = (env: Readonly<Record<string, string>>) => loadSettings({ env, cwd: '/' });
const given = settings({ PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_KEY: 'sk-very-secret' });
const listed = nodeSpecSchema.parse({ name: 'gpu', url: 'https://gpu.example:8443/v1', keyVariable: 'MY_GPU_KEY' });
const env = {
  NODE_KEY_PAID: 'paid',
  NODE_KEY_PAID_HOSTS: 'API.example.org, 10.0.0.7:8000',
  NODE_KEY_FREE: 'free',
  PRAXIS_API_KEY: 'planner',
  HOME_SECRET: 'mine',
  MY_GPU_KEY: 'gpu',
};

function reader() {
  const warnings: unknown[] = [];
  const key = keyOf(
    given,
    [...ownNodes(given), listed],
    { warn: (_message, fields) => void warnings.push(fields) },
    env,
  );
  return { key, warnings };
}

describe('keys of nodes', () => {
  it('go to the hosts that the operator listed for them', () => {
    const { key } = reader();
    expect(key('NODE_KEY_PAID', 'https://api.example.org/v1')).toBe('paid');
    expect(key('NODE_KEY_PAID', 'http://10.0.0.7:8000/v1')).toBe('paid');
    expect(key('PRAXIS_MODEL_KEY', 'http://127.0.0.1:8000/v1')).toBe('sk-very-secret');
    expect(key('MY_GPU_KEY', 'https://gpu.example:8443/v1')).toBe('gpu');
  });

  it.each([
    ['NODE_KEY_PAID', 'http://evil.example/v1'],
    ['NODE_KEY_PAID', 'https://api.example.org.evil.example/v1'],
    ['NODE_KEY_PAID', 'https://evil.example/api.example.org'],
    ['NODE_KEY_PAID', 'https://api.example.org@evil.example/v1'],
    ['NODE_KEY_PAID', 'http://10.0.0.7:9999/v1'],
    ['NODE_KEY_FREE', 'http://127.0.0.1:8000/v1'],
    ['NODE_KEY_FREE', 'https://api.example.org/v1'],
    ['PRAXIS_MODEL_KEY', 'http://127.0.0.1:9999/v1'],
    ['MY_GPU_KEY', 'https://evil.example:8443/v1'],
    ['PRAXIS_API_KEY', 'http://127.0.0.1:8000/v1'],
    ['HOME_SECRET', 'http://127.0.0.1:8000/v1'],
    ['NODE_KEY_PAID_HOSTS', 'https://api.example.org/v1'],
  ])('go nowhere else, whatever a registration says: %s to %s (keys.1, keys.2)', (variable, url) => {
    expect(reader().key(variable, url)).toBeUndefined();
  });

  it('say once why one is not sent, without saying it', () => {
    const { key, warnings } = reader();
    for (let n = 0; n < 3; n++) key('NODE_KEY_FREE', 'http://evil.example/v1');
    expect(warnings).toEqual([{ variable: 'NODE_KEY_FREE', host: 'evil.example', list: 'NODE_KEY_FREE_HOSTS' }]);
    key('NODE_KEY_NOBODY', 'http://evil.example/v1');
    expect(warnings).toHaveLength(1);
  });
});
