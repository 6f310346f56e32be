import type { Output, WorldSession } from '@praxis/core';
import { MemoryArtifacts } from '@praxis/testing';
import { evidenceLines } from './evidence.js';

describe('evidence of finished work', () => {
  it('never lets what was handed in pass for what was made', async () => {
    const artifacts = new MemoryArtifacts();
    const sales = await artifacts.put(Buffer.from('a,b'), { name: 'sales.csv', mediaType: 'text/csv' });
    const report = await artifacts.put(Buffer.from('# Sales'), { name: 'report.md', mediaType: 'text/markdown' });
    const file: Output = { value: { ...sales }, artifacts: [sales], taint: [] };
    const session = {
      files: { list: async () => [sales, report] },
      observe: async () => ({ facts: ['(file report.md)', '(sent ann)'], numbers: {} }),
    } as unknown as Pick<WorldSession, 'files' | 'observe'>;
    const outputs = { file, answer: { value: 'written', artifacts: [], taint: [] } };
    const lines = await evidenceLines(session, artifacts, { inputs: { file }, outputs });
    expect(lines.map((line) => line.slice(0, line.indexOf(sales.name) < 0 ? 40 : 20))).toEqual([
      expect.stringContaining('input file: {'),
      'output answer: "written"',
      expect.stringContaining('input file sales.csv'),
      expect.stringContaining('file report.md (text/markdown, 7 bytes)'),
      'fact (sent ann)',
    ]);
  });
});
