import { loadSettings } from '@praxis/platform';
import { ownNodes } from './compose-models.js';

const settings = (env: Readonly<Record<string, string>>) => loadSettings({ env, cwd: '/' });

describe('the nodes of the settings', () => {
  it('are one, several, or none, and their addresses get the path that people leave out', () => {
    expect(ownNodes(settings({}))).toEqual([]);
    expect(ownNodes(settings({ PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_NAME: 'big' }))).toMatchObject([
      { name: 'model', url: 'http://127.0.0.1:8000/v1', serves: [{ name: 'big' }], keyVariable: null },
    ]);
    expect(ownNodes(settings({ PRAXIS_NODES_URLS: 'a=http://a:1/v1,b=http://b:2' }))).toMatchObject([
      { name: 'a', url: 'http://a:1/v1', serves: [] },
      { name: 'b', url: 'http://b:2/v1' },
    ]);
  });

  it('name the variable of their key, and never hold the key itself', () => {
    const nodes = ownNodes(settings({ PRAXIS_MODEL_URL: 'http://127.0.0.1:8000', PRAXIS_MODEL_KEY: 'sk-very-secret' }));
    expect(nodes).toMatchObject([{ keyVariable: 'PRAXIS_MODEL_KEY' }]);
    expect(JSON.stringify(nodes)).not.toContain('sk-very-secret');
  });

  it.each([
    { PRAXIS_MODEL_URL: 'http://me:hunter2@127.0.0.1:8000/v1' },
    { PRAXIS_NODES_URLS: 'a=http://a:1/v1,b=http://me:hunter2@b:2' },
    { PRAXIS_NODES_URLS: 'a=http://hunter2@a:1/v1' },
    { PRAXIS_MODEL_URL: 'http://127.0.0.1:8000/v1?key=hunter2' },
  ])('hold no password in their addresses, which is refused and not repeated: %o', (env) => {
    expect(() => ownNodes(settings(env))).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.not.stringContaining('hunter2') }) as Error,
    );
  });
});
