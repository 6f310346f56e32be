import { readPythonCall } from './python-call.js';

describe('a call in Python', () => {
  it.each([
    ['ls()', 'ls', [], {}],
    ["sort('final.pdf')", 'sort', ['final.pdf'], {}],
    ["grep('a',pattern = \"it's\",)", 'grep', ['a'], { pattern: "it's" }],
    [
      "echo(content='a\\n\\'b\\' \\u00e4', n=-2.5e1, on=True, x=None)",
      'echo',
      [],
      { content: "a\n'b' ä", n: -25, on: true, x: null },
    ],
    [
      "f(a=['x, y)', [1, 2.0]], b={'k': (1,), 2: {}}, c=[])",
      'f',
      [],
      { a: ['x, y)', [1, 2]], b: { k: [1], '2': {} }, c: [] },
    ],
  ])('%s is read with its arguments', (text, name, positional, named) =>
    expect(readPythonCall(text)).toEqual({ name, positional, named }),
  );

  it.each(['f(', 'f(a b)', 'f(x=g())', "f('a') + 1", 'f(a=1 2)', 'f([1 2])'])('%s is none that can be read', (text) =>
    expect(() => readPythonCall(text)).toThrow('not a call with literal arguments'),
  );
});
