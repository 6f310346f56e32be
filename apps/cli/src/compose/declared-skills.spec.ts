import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredSkills } from './declared-skills.js';

const folder = mkdtempSync(join(tmpdir(), 'praxis-skills-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const SKILLS =
  'skills: [{ name: ring, summary: rings, http: { url: "http://127.0.0.1:9000/ring", headers: { x-api-key: { file: token } } } }]';

describe('declaredSkills', () => {
  it('reads the file that the settings name, and its secrets from beside it', () => {
    const file = write('skills.yaml', SKILLS);
    expect(() => declaredSkills({ skills: { file, modules: [] } })).toThrow(
      expect.objectContaining({
        code: 'missing',
        message: expect.stringContaining(
          `${join(folder, 'token')} named by ${file}: skills[0] (ring): http.headers.x-api-key`,
        ),
      }),
    );
    write('token', 'abc\n');
    expect(declaredSkills({ skills: { file, modules: [] } }).map(({ skill }) => skill.manifest.name)).toEqual(['ring']);
  });

  it('says which setting named a file that is not there', () => {
    expect(() => declaredSkills({ skills: { file: '/nowhere/skills.yaml', modules: [] } })).toThrow(
      expect.objectContaining({ code: 'missing', message: expect.stringContaining('PRAXIS_SKILLS_FILE') }),
    );
    expect(declaredSkills({ skills: { file: null, modules: [] } })).toEqual([]);
  });
});
