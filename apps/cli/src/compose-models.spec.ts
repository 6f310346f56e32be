import { loadSettings } from '@praxis/platform';
import { keyOf, ownNodes } from './compose-models.js';

const settings = (env: Readonly<Record<string, string>>) => loadSettings({ env, cwd: '/' });

describe('the nodes of the settings', () => {
  it('are one, several, or none, and their addresses get the path that people leave out', () => {
    expect(ownNodes(settings({}))).toEqual([]);
    expect(ownNodes(settings({ PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_NAME: 'big' }))).toMatchObject([{ name: 'model', url: 'http://127.0.0.1:8000/v1', serves: [{ name: 'big' }], keyVariable: null }]);
    expect(ownNodes(settings({ PRAXIS_NODES_URLS: 'a=http://a:1/v1,b=http://b:2' }))).toMatchObject([{ name: 'a', url: 'http://a:1/v1', serves: [] }, { name: 'b', url: 'http://b:2/v1' }]);
  });

  it('name the variable of their key, and never hold the key itself', () => {
    const nodes = ownNodes(settings({ PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_KEY: 'sk-very-secret' }));
    expect(nodes).toMatchObject([{ keyVariable: 'PRAXIS_MODEL_KEY' }]);
    expect(JSON.stringify(nodes)).not.toContain('sk-very-secret');
  });
});

describe('keys of nodes', () => {
  const given = { PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_KEY: 'sk-very-secret' };
  const variables = { NODE_KEY_PAID: 'paid', PRAXIS_API_KEY: 'planner', HOME_SECRET: 'mine' };
  beforeAll(() => void Object.assign(process.env, variables));
  afterAll(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });

  it('are read where a node may have them, and nothing else of the environment is sent to whoever registered', () => {
    const key = keyOf(settings(given), ownNodes(settings(given)));
    expect([key('PRAXIS_MODEL_KEY'), key('NODE_KEY_PAID')]).toEqual(['sk-very-secret', 'paid']);
    expect([key('PRAXIS_API_KEY'), key('HOME_SECRET'), key('NODE_KEY_NOBODY')]).toEqual([undefined, undefined, undefined]);
  });
});
