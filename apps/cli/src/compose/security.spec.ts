import { PraxisError } from '@praxis/core';
import { hashKey } from '@praxis/wire';
import { makeContext, type Context } from '../context.js';
import { Printer } from '../print.js';
import { callOptions, describeSecurity, refuseLockedOut, warnOfPublicBind } from './security.js';

const KEY = 'praxis_hunter2-hunter2-hunter2';

/** A context whose log lines and notes are kept. */
function context(
  env: Readonly<Record<string, string>> = {},
  isTerminal = false,
): Context & { readonly said: string[] } {
  const said: string[] = [];
  const print = new Printer(
    { write: () => undefined, isTTY: isTerminal },
    { write: (text: string) => said.push(text) },
    {},
  );
  const write = (message: string, fields: object = {}): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { ...makeContext({ env, cwd: '/', print }), logger: () => log, said };
}

describe('warnOfPublicBind', () => {
  const at = (address: string) => ({ services: [address], dashboard: null });

  it.each([true, false])('says in one line what is open and how to close it (terminal: %p)', (isTerminal) => {
    const open = context({}, isTerminal);
    warnOfPublicBind(open, { services: ['0.0.0.0:50051', '127.0.0.1:50052'], dashboard: '10.0.0.1:50080' });
    expect(open.said).toEqual([
      expect.stringMatching(
        /0\.0\.0\.0:50051, 10\.0\.0\.1:50080 may use it.*PRAXIS_API_KEY_HASHES.*PRAXIS_TLS_CLIENTS=certified/,
      ),
    ]);
    expect(open.said[0]).not.toContain('127.0.0.1:50052');
  });

  it('is silent where the network cannot come, or must show a key', () => {
    const local = context();
    warnOfPublicBind(local, at('127.0.0.1:50051'));
    const guarded = context({ PRAXIS_API_KEY_HASHES: hashKey(KEY) });
    warnOfPublicBind(guarded, { services: ['0.0.0.0:50051'], dashboard: '0.0.0.0:50080' });
    expect([...local.said, ...guarded.said]).toEqual([]);
  });

  it('knows that browsers show no certificates', () => {
    const mutual = context({ PRAXIS_TLS_CLIENTS: 'certified' });
    warnOfPublicBind(mutual, at('0.0.0.0:50051'));
    expect(mutual.said).toEqual([]);
    warnOfPublicBind(mutual, { services: ['0.0.0.0:50051'], dashboard: '0.0.0.0:50080' });
    expect(mutual.said).toEqual([expect.stringContaining('reaches 0.0.0.0:50080 may')]);
  });
});

describe('callOptions', () => {
  it('warns once where the key would cross the network for everybody to read, without telling it', () => {
    const remote = context({ PRAXIS_API_KEY: KEY });
    expect(callOptions(remote, 'planner:50051')).toEqual({ security: { tls: null, key: KEY } });
    callOptions(remote, 'executor:50052');
    expect(remote.said).toEqual([expect.stringMatching(/unencrypted.*"planner:50051"/)]);
    expect(remote.said[0]).not.toContain(KEY);
  });

  it.each([
    ['on this machine', { PRAXIS_API_KEY: KEY }, '127.0.0.1:50051'],
    ['without a key', {}, 'planner:50051'],
  ])('has nothing to warn of %s', (_name, env, address) => {
    const quiet = context(env);
    callOptions(quiet, address);
    expect(quiet.said).toEqual([]);
  });
});

describe('refuseLockedOut', () => {
  const refusal = (env: Readonly<Record<string, string>>): PraxisError | null => {
    try {
      refuseLockedOut(context(env).settings);
      return null;
    } catch (thrown) {
      return thrown as PraxisError;
    }
  };

  it('stops a process whose services could not pass their own door', () => {
    for (const env of [
      { PRAXIS_API_KEY_HASHES: hashKey(KEY) },
      { PRAXIS_API_KEY_HASHES: hashKey('another'), PRAXIS_API_KEY: KEY },
    ]) {
      expect(refusal(env)).toMatchObject({ code: 'invalid', message: expect.stringContaining('PRAXIS_API_KEY') });
      expect(refusal(env)!.message).not.toContain(KEY);
    }
  });

  it('lets one pass whose key is listed, or that asks for none', () => {
    expect(refusal({ PRAXIS_API_KEY_HASHES: `${hashKey('another')},${hashKey(KEY)}`, PRAXIS_API_KEY: KEY })).toBeNull();
    expect(refusal({})).toBeNull();
  });
});

describe('describeSecurity', () => {
  it('tells how a process serves and calls', () => {
    expect(describeSecurity(context().settings)).toBe(
      'serves plainly and asks for no key; calls plainly and shows no key',
    );
    expect(describeSecurity(context({ PRAXIS_API_KEY_HASHES: hashKey(KEY), PRAXIS_API_KEY: KEY }).settings)).toBe(
      'serves plainly and accepts 1 key; calls plainly and shows a key',
    );
  });
});
