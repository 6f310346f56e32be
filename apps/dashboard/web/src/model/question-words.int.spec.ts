import { execFileSync } from 'node:child_process';
import { questionOf } from './fixtures/parked-run.js';
import { answersTo } from './question-words.js';

/** What a command gets to see of a line that was pasted into a shell. */
const typed = (line: string): readonly string[] =>
  execFileSync('/bin/sh', ['-c', `praxis() { printf '%s\\0' "$@"; }; ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('what to type to answer, in a real shell', () => {
  it('runs nothing but the answer, whatever the arguments or the id hold', () => {
    const args = { a: `'; touch /tmp/hacked; echo '`, b: '$(id)`id`\\', c: 'line\nbreak \u202Egpj.exe' };
    const edit = answersTo(questionOf({ action: { skill: 'pay', args } }))[2]!;
    const [verb, id, option, json] = typed(edit);
    expect([verb, id, option, JSON.parse(json!)]).toEqual(['answer', 'q-1', '--edit', { args }]);
    // What is shown is what is copied: nothing in it hides.
    expect(edit).not.toContain('\u202E');
    expect(typed(answersTo(questionOf({ id: `q-1; touch /tmp/hacked '\n` }))[0]!)).toEqual([
      'answer',
      `q-1;?touch?/tmp/hacked?'?`,
      '--approve',
    ]);
  });
});
