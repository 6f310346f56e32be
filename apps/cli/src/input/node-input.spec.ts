import { apiOf, readLabel, readNode } from './node-input.js';

const least = { name: 'gpu1', url: 'http://gpu1:8000/v1' };

describe('readNode', () => {
  it('takes what was said and leaves the rest open', () => {
    expect(readNode(least)).toEqual({
      ...least,
      engine: 'unknown',
      serves: [],
      slots: null,
      labels: {},
      keyVariable: null,
      tools: 'unknown',
    });
    expect(
      readNode({
        ...least,
        engine: 'vllm',
        model: ['a', 'b', 'a'],
        slots: 4,
        label: [['zone', 'a']],
        keyVariable: 'NODE_KEY_A',
        tools: 'native',
      }),
    ).toMatchObject({
      engine: 'vllm',
      serves: [{ name: 'a', kind: 'chat' }, { name: 'b' }],
      slots: 4,
      labels: { zone: 'a' },
      keyVariable: 'NODE_KEY_A',
      tools: 'native',
    });
  });

  it.each([
    [{ ...least, name: 'gpu 1' }, '--name is wrong: must be letters, digits, dots and dashes.'],
    [{ ...least, url: 'gpu1:8000' }, '--url is wrong: must be a URL such as http://gpu1:8000/v1.'],
    [{ ...least, engine: 'steam' }, 'There is no engine "steam"; choose one of vllm,'],
    [{ ...least, model: [''] }, '--model is wrong'],
    [
      { ...least, keyVariable: 'sk-123' },
      '--key-variable is wrong: must be the name of a variable, such as NODE_KEY_GPU1, and never the key itself.',
    ],
  ])('says which option of %j is wrong', (options, message) => expect(() => readNode(options)).toThrow(message));

  it('repeats no key that stands in a wrong place', () =>
    expect(() => readNode({ ...least, keyVariable: 'sk-123' })).not.toThrow(/sk-123/));
});

describe('apiOf', () => {
  it('adds the usual path where there is none, and leaves all else as it is', () => {
    const urls = [
      'http://gpu1:8000',
      'http://gpu1:8000/',
      'https://a.example.org/openai/v1',
      'http://x/v1',
      'http://x?y=1',
      'gpu1:8000',
    ];
    expect(urls.map(apiOf)).toEqual([
      'http://gpu1:8000/v1',
      'http://gpu1:8000/v1',
      'https://a.example.org/openai/v1',
      'http://x/v1',
      'http://x?y=1',
      'gpu1:8000',
    ]);
  });
});

describe('readLabel', () => {
  it('parts at the first sign', () =>
    expect([readLabel('zone=a'), readLabel('note=a=b'), readLabel('empty=')]).toEqual([
      ['zone', 'a'],
      ['note', 'a=b'],
      ['empty', ''],
    ]));
  it.each(['zone', '=a', ''])('refuses "%s"', (text) => expect(() => readLabel(text)).toThrow('such as zone=a'));
});
