// Checks the ids of laws. The doc comment of a machine numbers what always holds for it, such as ` * interpreter.3 An
// action …`; comments, documents and titles of tests cite these ids. `node tools/laws.mjs [ROOT]` exits 1 and prints
// one line per problem where
// - the laws of a prefix stand in more than one file, or are not numbered 1 to n in their order;
// - a citation names a law or a machine that does not exist;
// - no test cites a law: no spec, contract or e2e file, in a title or a comment; `interpreter.1–4` cites all four;
// - a doc comment begins a law with an old id, a letter and a number.
// The laws of the spine, S1 to S10 in ARCHITECTURE.md, keep their short ids and follow the same rules.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** Laws that no test cites, each with the reason. */
export const UNTESTED = {
  'chaos-service.3': 'a safeguard of the benchmark itself: its runs would hang without it',
  'relaxed-costs.1': 'about speed: only an allocation profile would show it',
  'schema-engine.1': 'tools/gen.mjs --check runs it, with generators that no test installs',
  'schema-engine.2': 'tools/gen.mjs --check runs it, with generators that no test installs',
  'schema-engine.3': 'tools/gen.mjs --check runs it, with generators that no test installs',
};

const SPINE = 'ARCHITECTURE.md';
const READ = new Set(['.ts', '.tsx', '.mjs', '.md', '.proto', '.prisma', '.py']);
const SOURCE = /\.(ts|tsx|mjs)$/;
const TEST = /\.(spec|e2e|contract)\.(ts|tsx|mjs)$/;
const SKIPPED = new Set(['node_modules', 'dist', 'gen', 'generated']);

const LAW = /^\s*\* ([a-z]+(?:-[a-z]+)*\.)(\d+) \S/;
const SPINE_LAW = /^- \*\*(S)(\d+)\*\* /;
const OLD_LAW = /^\s*\* (?!S\d)([A-Z]{1,3}\d+) /;
/** One law or a range, in parentheses, alone or first of several. */
const IN_PARENTHESES = /\(([a-z]+(?:-[a-z]+)*\.)\d+(?:[-–][a-z.-]*\d+)?(?:\)|, [a-z]+(?:-[a-z]+)*\.\d)/g;

function* files(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name) || entry.name.startsWith('.')) continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (READ.has(extname(entry.name))) yield path;
  }
}

/** Every law where it stands: `{ prefix, number, file, at }`, in the order of the files. */
function readLaws(texts) {
  return texts.flatMap(({ file, lines }) => {
    const pattern = file === SPINE ? SPINE_LAW : SOURCE.test(file) && !TEST.test(file) ? LAW : null;
    return lines.flatMap((line, i) => {
      const found = pattern?.exec(line);
      return found ? [{ prefix: found[1], number: Number(found[2]), file, at: `${file}:${i + 1}` }] : [];
    });
  });
}

function judgeHomes(laws) {
  return [...new Set(laws.map((law) => law.prefix))].flatMap((prefix) => {
    const all = laws.filter((law) => law.prefix === prefix);
    const elsewhere = all.find((law) => law.file !== all[0].file);
    if (elsewhere) return [`${elsewhere.at}: ${prefix}${elsewhere.number} has another home, ${all[0].at}`];
    const wrong = all.findIndex((law, i) => law.number !== i + 1);
    return wrong < 0
      ? []
      : [`${all[wrong].at}: ${prefix}${all[wrong].number} stands where ${prefix}${wrong + 1} should`];
  });
}

/** Finds the ids that a line cites, of machines that have laws; file names, versions and longer ids do not count. */
function citationsOf(machines) {
  const prefixes = [...machines].map((prefix) => prefix.replaceAll('.', '\\.')).join('|') || '(?!)';
  const pattern = new RegExp(`(?<![\\w./%$-])(${prefixes})(\\d+)(?:[-–](?:\\1)?(\\d+))?(?!\\w|\\.\\d)`, 'g');
  return (line) =>
    [...line.matchAll(pattern)].flatMap(([, prefix, from, to = from]) =>
      Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => `${prefix}${Number(from) + i}`),
    );
}

function judgeLine(file, line, cited, { ids, machines }) {
  const old = SOURCE.test(file) && !TEST.test(file) && OLD_LAW.exec(line);
  const unknown = [...line.matchAll(IN_PARENTHESES)].map(([, prefix]) => prefix).filter((p) => !machines.has(p));
  return [
    ...(old ? [`the law ${old[1]} needs an id that names its machine`] : []),
    ...unknown.map((prefix) => `no machine has laws named ${prefix}1, ${prefix}2 …`),
    ...cited.filter((id) => !ids.has(id)).map((id) => `there is no law ${id}`),
  ];
}

function judgeTests(laws, tested, untested) {
  return laws.flatMap(({ prefix, number, at }) => {
    const id = `${prefix}${number}`;
    if (tested.has(id) !== id in untested) return [];
    return [`${at}: ${tested.has(id) ? `${id} is cited by a test; UNTESTED still lists it` : `no test cites ${id}`}`];
  });
}

/** All problems below a root, one line each, and how many laws of how many machines there are. */
export function check(root, untested = UNTESTED) {
  const read = (path) => ({ file: relative(root, path), lines: readFileSync(path, 'utf8').split('\n') });
  const texts = [...files(root)].map(read);
  const laws = readLaws(texts);
  const ids = new Set(laws.map((law) => `${law.prefix}${law.number}`));
  const machines = new Set(laws.map((law) => law.prefix));
  const citedIn = citationsOf(machines);
  const tested = new Set();
  const found = texts.flatMap(({ file, lines }) =>
    lines.flatMap((line, i) => {
      const cited = citedIn(line);
      if (TEST.test(file)) for (const id of cited) tested.add(id);
      return judgeLine(file, line, cited, { ids, machines }).map((problem) => `${file}:${i + 1}: ${problem}`);
    }),
  );
  const problems = [...judgeHomes(laws), ...found, ...judgeTests(laws, tested, untested)];
  return { problems, laws: ids.size, machines: machines.size };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { problems, laws, machines } = check(process.argv[2] ?? process.cwd());
  for (const problem of problems) console.error(problem);
  const left = Object.keys(UNTESTED).length;
  const cited = left === 0 ? 'all cited by tests' : `all but ${left} cited by tests`;
  console.log(
    problems.length === 0
      ? `laws: ${laws} laws of ${machines} machines, ${cited}`
      : `laws: ${problems.length} problems`,
  );
  process.exit(problems.length === 0 ? 0 : 1);
}
