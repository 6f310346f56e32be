import { PraxisError } from '@praxis/core';
import { parseNodes } from './nodes-file.js';

const refusal = (text: string): string => {
  try {
    parseNodes(text, 'nodes.yaml');
  } catch (thrown) {
    return PraxisError.from(thrown).message;
  }
  return '';
};

describe('parseNodes', () => {
  it('reads what the documentation shows, and fills in the rest', () => {
    const [big, small] = parseNodes(
      'nodes:\n  - name: gpu1\n    url: http://gpu1:8000/v1\n    engine: vllm\n    slots: 32\n    serves:\n      - { name: big, contextTokens: 32768, price: { input: 0.5, output: 1.5 } }\n  - { name: gpu2, url: "http://gpu2:8080/v1" }\n',
      'nodes.yaml',
    );
    expect(big).toMatchObject({
      name: 'gpu1',
      engine: 'vllm',
      slots: 32,
      serves: [{ name: 'big', kind: 'chat', contextTokens: 32768, price: { input: 0.5, output: 1.5 } }],
      keyVariable: null,
    });
    expect(small).toMatchObject({ engine: 'unknown', slots: null, serves: [], labels: {} });
  });

  it.each([
    ['nodes: [{name: a}]', /nodes\.yaml does not fit at nodes\.0\.url/],
    ['nodes: [{name: a, url: "http://x/v1", speed: 3}]', /speed/],
    ['nodes: [{name: a, url: "http://x/v1"}, {name: a, url: "http://y/v1"}]', /names the node a twice/],
    ['{', /neither YAML nor JSON/],
    ['', /its top/],
  ])('says what is wrong with %s', (text, message) => expect(refusal(text)).toMatch(message));
});
