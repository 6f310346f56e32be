import { nodeSpecSchema, NODE_SILENCE_MS, type NodeSpecInput, type NodeView } from '@praxis/core';
import { rejectOnPublicBind, refuseTakenName, refuseTooMany, refuseUnsafeSpec, type Door } from './refuse-node.js';

const spec = (over: Partial<NodeSpecInput> = {}) =>
  nodeSpecSchema.parse({ name: 'gpu1', url: 'http://gpu1:8000/v1', ...over });
const plain = { tls: null, keyHashes: [], requestBytes: 1 };
const cert = Buffer.from('x');
const NOW = 1_000_000;

describe('refuseAtOpenDoor (node-service.1)', () => {
  it.each<[string, Door]>([
    ['on the network with nothing said', { address: '0.0.0.0:50051' }],
    ['on the network without keys', { address: 'planner:50051', security: plain }],
    [
      'on the network over TLS that asks for no certificate',
      { address: '10.0.0.7:50051', security: { ...plain, tls: { cert, key: cert, clientCa: null } } },
    ],
    ['on a name that only looks like this machine', { address: 'localhost.example.org:50051', security: plain }],
    ['where the settings say so', { address: '0.0.0.0:50051', openNodes: false }],
  ])('takes no node %s', (_where, door) => {
    expect(() => rejectOnPublicBind(door)).toThrow(
      expect.objectContaining({
        code: 'denied',
        message: expect.stringMatching(/PRAXIS_API_KEY_HASHES.*PRAXIS_TLS_CLIENTS=certified/),
      }) as Error,
    );
  });

  it.each<[string, Door]>([
    ['on this machine only', { address: '127.0.0.1:50051' }],
    ['where callers show keys', { address: '0.0.0.0:50051', security: { ...plain, keyHashes: ['a'] } }],
    [
      'where callers show certificates',
      { address: '0.0.0.0:50051', security: { ...plain, tls: { cert, key: cert, clientCa: cert } } },
    ],
    ['where the deployment wants it so', { address: '0.0.0.0:50051', security: plain, openNodes: true }],
  ])('takes nodes %s', (_where, door) => expect(() => rejectOnPublicBind(door)).not.toThrow());
});

describe('refuseUnsafeSpec (node-service.2)', () => {
  it.each<[string, Partial<NodeSpecInput>, RegExp]>([
    ['the key of the services', { keyVariable: 'PRAXIS_API_KEY' }, /PRAXIS_API_KEY of gpu1 must begin with NODE_KEY_/],
    ['any other variable', { keyVariable: 'AWS_SECRET_ACCESS_KEY' }, /NODE_KEY_/],
    ['a variable that only ends so', { keyVariable: 'MY_NODE_KEY_X' }, /NODE_KEY_/],
    ['a password in its URL', { url: 'http://me:hunter2@gpu1:8000/v1' }, /holds a user or a password/],
    ['a key in its URL', { url: 'http://gpu1:8000/v1?key=hunter2' }, /must end where its API begins/],
    ['a fragment in its URL', { url: 'http://gpu1:8000/v1#hunter2' }, /must end where/],
  ])('refuses %s, and repeats no secret', (_what, over, message) => {
    const refuse = (): void => refuseUnsafeSpec(spec(over));
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
    expect(refuse).not.toThrow(/hunter2/);
  });

  it('takes a description with nothing but what belongs there', () => {
    expect(() =>
      refuseUnsafeSpec(spec({ url: 'https://gpu1.example.org/v1/', keyVariable: 'NODE_KEY_GPU1' })),
    ).not.toThrow();
  });
});

describe('refuseTakenName (node-service.3)', () => {
  const view = (origin: NodeView['origin']): NodeView => ({
    spec: spec(),
    origin,
    isDraining: false,
    load: null,
    inFlight: 0,
    queued: 0,
    broken: [],
    firstTokenMs: null,
  });
  const elsewhere = { spec: spec({ url: 'http://other:8000/v1' }), isDraining: false, seenAt: NOW - NODE_SILENCE_MS };

  it('leaves names of the settings to the settings', () =>
    expect(() => refuseTakenName(spec(), [view('settings')], [], NOW)).toThrow(
      /A node of the settings is called gpu1/,
    ));
  it('leaves a name to whoever has it and is there', () =>
    expect(() => refuseTakenName(spec(), [], [elsewhere], NOW)).toThrow(/at http:\/\/other:8000\/v1/));
  it('gives a name away that nobody keeps any more', () =>
    expect(() => refuseTakenName(spec(), [], [elsewhere], NOW + 1)).not.toThrow());
  it('lets a node register again', () =>
    expect(() => refuseTakenName(spec(), [view('registered')], [{ ...elsewhere, spec: spec() }], NOW)).not.toThrow());
});

describe('refuseTooMany (node-service.5)', () => {
  const registered = ['a', 'b'].map((name) => ({ spec: spec({ name }), isDraining: false, seenAt: NOW }));

  it('takes no node beyond the bound, and those that are known again', () => {
    expect(() => refuseTooMany(spec({ name: 'c' }), registered, 2)).toThrow(
      expect.objectContaining({ code: 'exhausted' }) as Error,
    );
    expect(() => refuseTooMany(spec({ name: 'b' }), registered, 2)).not.toThrow();
    expect(() => refuseTooMany(spec({ name: 'c' }), registered, 3)).not.toThrow();
  });
});
