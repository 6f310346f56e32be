import { existsSync, readFileSync } from 'node:fs';
import { parseDomain } from '../pddl/read/read-domain.js';
import { parseProblem } from '../pddl/read/read-problem.js';
import { groundTask } from './ground-task.js';

interface Instance {
  readonly domain: string;
  readonly problem: string;
  readonly groundActions: number;
}

const FOLDER = new URL('../../../../../shared/data/pddl/', import.meta.url);
const MANIFEST = new URL('manifest.json', FOLDER);
const isHere = existsSync(MANIFEST);
const instances: readonly Instance[] = isHere ? JSON.parse(readFileSync(MANIFEST, 'utf8')).instances : [];
const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8');

(isHere ? describe : describe.skip)('benchmark instances (skipped where shared/data/pddl is missing)', () => {
  it('have as many operators as the reference planner gives them', () => {
    for (const { domain, problem, groundActions } of instances) {
      const parsed = parseDomain(read(`${domain}/domain.pddl`));
      const task = groundTask(parsed, parseProblem(read(`${domain}/${problem}`), parsed));
      expect([domain, problem, 'operators' in task ? task.operators.length : task]).toEqual([
        domain,
        problem,
        groundActions,
      ]);
    }
  });
});
