import { Concessions, refusedField, refusesTools } from './concessions.js';

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

describe('refusesTools', () => {
  const asked = { tools: [], tool_choice: 'auto' };

  it.each([
    [400, 'registry.ollama.ai/library/gemma3:4b does not support tools'],
    [
      400,
      '{"error":{"message":"\\"auto\\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"}}',
    ],
    [500, '{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}'],
    [404, 'No endpoints found that support tool use. Try disabling "look".'],
    [422, '{"detail":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted"}]}'],
    [400, 'tools is not supported'],
    [400, 'Unrecognized request argument supplied: tools'],
    [501, 'This model does not support function calling.'],
  ])('knows it of %i %s', (status, text) => {
    expect(refusesTools(status, text, asked)).toBe(true);
    expect(refusesTools(status, text, {})).toBe(false);
  });

  it.each([
    [400, "This model's maximum context length is 8192 tokens."],
    [503, 'Loading model'],
    [400, 'messages must not be empty'],
    [404, 'The model `x` does not exist.'],
    [500, 'Something went wrong inside the engine.'],
  ])('does not see it in %i %s', (status, text) => expect(refusesTools(status, text, asked)).toBe(false));
});
