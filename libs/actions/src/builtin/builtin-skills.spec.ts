import { readFileSync, writeFileSync } from 'node:fs';
import type { JsonSchema, SkillManifest } from '@praxis/core';
import { SkillRegistry } from '../skill-registry.js';
import { builtinSkills } from './builtin-skills.js';

const manifests = async (): Promise<readonly SkillManifest[]> =>
  (await builtinSkills().list()).map(({ manifest }) => manifest);

const fields = (schema: JsonSchema | undefined): string => {
  const properties = Object.entries((schema?.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  return properties.map(([name]) => `\`${name}\``).join(', ') || 'a value';
};
const row = ({ name, summary, parameters, output, outside }: SkillManifest): string => {
  const inputs = parameters.map((p) => `\`${p.name}\`${p.optional ? '?' : ''}`).join(', ');
  return `| \`${name}\` | ${summary}${outside === true ? ' (text of strangers)' : ''} | ${inputs} | ${fields(output)} |`;
};

describe('builtinSkills', () => {
  it('has skills with a name, a summary, schemas and a hash each, without a clash', async () => {
    const all = await manifests();
    expect(all.map(({ name }) => name)).toEqual([
      'table.load',
      'table.profile',
      'table.query',
      'chart.draw',
      'doc.write',
      'web.fetch',
      'web.links',
      'web.head',
      'calc',
      'note',
      'ask.person',
    ]);
    for (const manifest of all)
      expect(manifest).toMatchObject({
        source: 'builtin',
        effect: 'pure',
        keyed: true,
        input: { type: 'object', additionalProperties: false },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    expect((await SkillRegistry.gather([builtinSkills()])).manifests).toHaveLength(all.length);
  });

  it('are in docs/skills.md as they are (PRAXIS_GOLDEN=write writes the table anew)', async () => {
    const file = new URL('../../../../docs/skills.md', import.meta.url);
    const page = readFileSync(file, 'utf8');
    const rows = (await manifests()).map(row).join('\n');
    const table = `| skill | what it does | input (\`?\`: may be left out) | output |\n|---|---|---|---|\n${rows}\n`;
    const written = page.replace(
      /(<!-- builtin -->\n)[^]*?(\n<!-- \/builtin -->)/,
      (_all, before: string, after: string) => `${before}\n${table}${after}`,
    );
    if (process.env.PRAXIS_GOLDEN === 'write') writeFileSync(file, written);
    expect(page).toBe(written);
    expect(page).toContain(table);
  });

  it('refuse a setting that names no host', () => {
    expect(() => builtinSkills({ web: { allow: ['http://intranet/'] } })).toThrow(/web.allow/);
  });
});
