import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLlama } from './load-llama.js';

const dir = mkdtempSync(join(tmpdir(), 'praxis-embedded-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const model = join(dir, 'model.gguf');
writeFileSync(model, 'GGUF\u0003\0\0\0 and more');

/** A folder in which the package is installed, with this as its text. */
function installed(name: string, text: string): string {
  const at = join(dir, name);
  const home = join(at, 'node_modules/node-llama-cpp');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'package.json'),
    '{"name":"node-llama-cpp","version":"0.0.0","type":"module","exports":"./index.js"}',
  );
  writeFileSync(join(home, 'index.js'), text);
  return at;
}

describe('a model inside the process, before it is loaded', () => {
  it('embedded-client.1: is refused where its file cannot be read, or is no model', async () => {
    await expect(openLlama(join(dir, 'none.gguf'), dir)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/none\.gguf cannot be read \(ENOENT\); set PRAXIS_GGUF/),
    });
    await expect(openLlama(dir, dir)).rejects.toMatchObject({ code: 'invalid' });
    for (const text of ['PK', 'GGUF', 'GGUF, or so it says', 'PK\u0003\u0004\u0003\0\0\0']) {
      writeFileSync(join(dir, 'other.gguf'), text);
      await expect(openLlama(join(dir, 'other.gguf'), dir)).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/is no GGUF file/),
      });
    }
  });

  it('embedded-client.1: says what to install where the package is missing', async () => {
    await expect(openLlama(model, dir, join(dir, 'praxis.js'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('npm install node-llama-cpp'),
    });
  });

  it('embedded-client.1: takes the package from where the user is, and says where that cannot be loaded', async () => {
    expect(await openLlama(model, installed('whole', 'export const getLlama = 1;'))).toMatchObject({ getLlama: 1 });
    await expect(openLlama(model, installed('broken', 'throw new Error("no such machine");'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/cannot be loaded: no such machine/),
    });
  });
});
