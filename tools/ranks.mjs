// Who may import whom: a room imports only rooms of a lower rank, by their door, and a vendor lives in its own rooms.
// `node tools/ranks.mjs [ROOT]` prints what breaks the rule and exits 1.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const RANK = {
  core: 0,
  expressions: 1,
  search: 1,
  wire: 1,
  platform: 1,
  strategy: 2,
  playbooks: 2,
  store: 2,
  inference: 2,
  simulator: 2,
  actions: 2,
  environments: 2,
  planner: 3,
  executor: 3,
  reflector: 3,
  dashboard: 3,
  cli: 4,
};
const BESIDE = new Set(['testing', 'bench', 'e2e']);
const VENDORS = [
  [/^@prisma\//, ['store']],
  [/^(bullmq|ioredis|pino)$|^@bull-board\//, ['platform']],
  [/^@opentelemetry\/(?!api$)/, ['platform']],
  [/^(react|react-dom|express|helmet)$|^@(xyflow|dagrejs)\//, ['dashboard']],
  [/^@(grpc|bufbuild)\/|^grpc-health-check$/, ['wire']],
  [/^pg$/, ['store', 'platform', 'testing']],
  [/^@nestjs\//, ['platform', 'planner', 'executor', 'reflector', 'dashboard', 'cli']],
  [/^rxjs/, ['platform', 'planner', 'executor', 'reflector', 'dashboard']],
  [/^(eventsource-parser|node-llama-cpp|undici)$/, ['inference']],
  [/^ajv$|^ajv\//, ['inference', 'actions', 'environments']],
  [/^(@sqlite\.org\/|csv-parse(\/|$)|htmlparser2$)/, ['actions']],
  [/^commander$/, ['cli']],
  [/^@marcbachmann\/cel-js$/, ['expressions', 'actions']],
];

/** The rules that one import breaks, as sentences. */
export function judge(room, isSpec, target) {
  const praxis = /^@praxis\/([^/]+)(\/.*)?$/.exec(target);
  if (praxis) return judgeRoom(room, isSpec, praxis[1], praxis[2]);
  if (BESIDE.has(room) || isSpec) return [];
  return VENDORS.filter(([pattern, rooms]) => pattern.test(target) && !rooms.includes(room)).map(
    ([, rooms]) => `imports ${target}, which lives in ${rooms.join(', ')}`,
  );
}

function judgeRoom(room, isSpec, to, deep) {
  const found = [];
  if (deep) found.push(`reaches into ${to} past its door`);
  if (to === room) found.push('imports its own door');
  if (BESIDE.has(room) || isSpec) return found;
  if (BESIDE.has(to)) return [...found, `imports ${to}, which only specs may`];
  if (!(to in RANK)) return [...found, `imports ${to}, which is no room`];
  return RANK[to] >= RANK[room] ? [...found, `imports ${to} (rank ${RANK[to]}) from rank ${RANK[room]}`] : found;
}

function* sources(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|tsx)$/.test(entry.name)) yield path;
  }
}

/** All broken rules below a root, one line each. */
export function check(root) {
  const lines = [];
  for (const top of ['libs', 'apps', 'bench', 'e2e'].filter((d) => existsSync(join(root, d)))) {
    for (const file of sources(join(root, top))) {
      const parts = relative(root, file).split(sep);
      const room = top === 'bench' || top === 'e2e' ? top : parts[1];
      const isSpec = /\.(spec|e2e|contract)\.ts$/.test(file);
      const text = readFileSync(file, 'utf8');
      for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^'.][^']*)'/g)) {
        for (const rule of judge(room, isSpec, match[1])) lines.push(`${relative(root, file)}: ${rule}`);
      }
    }
  }
  return lines;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const lines = check(process.argv[2] ?? process.cwd());
  for (const line of lines) console.error(line);
  console.log(lines.length === 0 ? 'ranks: clean' : `ranks: ${lines.length} broken`);
  process.exit(lines.length === 0 ? 0 : 1);
}
