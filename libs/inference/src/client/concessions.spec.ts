import { Concessions, refusedField } from './concessions.js';

const body = { max_tokens: 1, stream_options: {}, seed: 1, temperature: 0, response_format: {}, logprobs: true };

describe('refusedField', () => {
  it.each([
    [
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
    ],
    [400, "Unsupported value: 'temperature' does not support 0 with this model.", 'temperature'],
    [
      422,
      '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
      'stream_options',
    ],
    [
      422,
      'Failed to deserialize the JSON body into the target type: response_format: missing field `value`',
      'response_format',
    ],
    [
      400,
      'Unable to generate parser for this template. JSON schema error at #/properties/a: cannot convert',
      'response_format',
    ],
    [400, 'The provided JSON schema contains features not supported by xgrammar.', 'response_format'],
  ] as const)('%i %s', (status, text, field) => expect(refusedField(status, text, body)).toBe(field));

  it('gives up nothing where the request itself is at fault', () => {
    expect(
      refusedField(
        400,
        "max_tokens or max_completion_tokens is too large. This model's maximum context length is 8192",
        body,
      ),
    ).toBeNull();
    expect(refusedField(400, 'messages must not be empty', body)).toBeNull();
    expect(refusedField(500, 'unsupported seed', body)).toBeNull();
    expect(refusedField(400, 'unsupported seed', {})).toBeNull();
  });
});

describe('Concessions', () => {
  it('remembers by server and model, but no single schema', () => {
    const concessions = new Concessions();
    concessions.note('u', 'm', 'seed');
    concessions.note('u', 'm', 'response_format');
    expect([[...concessions.of('u', 'm')], [...concessions.of('u', 'n')]]).toEqual([['seed'], []]);
  });
});
