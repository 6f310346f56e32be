import type { IncomingMessage } from 'node:http';
import { hashKey } from '@praxis/wire';
import { Access, type Standing } from './access.js';

const KEY = 'a-key-of-this-praxis';

class Hand {
  time = 1_000_000;
  readonly access = new Access([hashKey('another-key-of-ours'), hashKey(KEY)], { now: () => this.time });

  standing(headers: Record<string, string> = {}, from = '127.0.0.1'): Standing {
    return this.access.standing({
      headers,
      socket: { localPort: 80, remoteAddress: from },
    } as unknown as IncomingMessage);
  }
}

describe('Access', () => {
  it('lets everybody look where no key is needed', () => {
    const access = new Access([], { now: () => 0 });
    expect(access.needsKey).toBe(false);
    expect(access.standing({ headers: {}, socket: {} } as unknown as IncomingMessage)).toBe('in');
  });

  it('knows any of its keys and nothing else (access.1)', () => {
    const hand = new Hand();
    expect(hand.standing()).toBe('out');
    expect(hand.standing({ authorization: `Bearer ${KEY}` })).toBe('in');
    expect(hand.standing({ authorization: 'bearer another-key-of-ours' })).toBe('in');
    for (const wrong of [`Bearer ${KEY}x`, 'Bearer ', `Basic ${KEY}`, KEY, `Bearer ${hashKey(KEY)}`])
      expect(hand.standing({ authorization: wrong })).toBe('out');
  });

  it('knows its own sessions until they are twelve hours old (access.2)', () => {
    const hand = new Hand();
    const { value, seconds } = hand.access.newSession();
    expect(seconds).toBe(12 * 60 * 60);
    const cookie = `other=1; praxis_session_80=${value}`;
    expect(hand.standing({ cookie })).toBe('in');
    hand.time += seconds * 1000 - 1;
    expect(hand.standing({ cookie })).toBe('in');
    hand.time += 1;
    expect(hand.standing({ cookie })).toBe('out');
  });

  it('takes no session that was changed, made elsewhere or meant for another port (access.2)', () => {
    const hand = new Hand();
    const [until, signature] = hand.access.newSession().value.split('.') as [string, string];
    const elsewhere = new Hand().access.newSession().value;
    for (const value of [
      `${Number(until) + 1}.${signature}`,
      `${until}.`,
      until,
      `${until}.${signature}x`,
      `.${signature}`,
      '',
      elsewhere,
    ]) {
      expect(hand.standing({ cookie: `praxis_session_80=${value}` })).toBe('out');
    }
    expect(hand.standing({ cookie: `praxis_session_81=${until}.${signature}` })).toBe('out');
  });

  it('slows wrong keys after ten of them from an address, for a minute, and right ones never (access.3)', () => {
    const hand = new Hand();
    const right = { authorization: `Bearer ${KEY}` };
    const session = { cookie: `praxis_session_80=${hand.access.newSession().value}` };
    for (let n = 0; n < 10; n++) expect(hand.standing({ authorization: `Bearer guess-${n}` })).toBe('out');
    const wrong = { authorization: 'Bearer guess' };
    expect(hand.standing(wrong)).toBe('slowed');
    expect(hand.standing(right)).toBe('in');
    expect(hand.standing(wrong, '10.0.0.7')).toBe('out');
    expect(hand.standing(session)).toBe('in');
    hand.time += 60_000;
    expect(hand.standing(wrong)).toBe('out');
  });

  it('keeps no more addresses in mind than it can bear', () => {
    const hand = new Hand();
    for (let n = 0; n < 10; n++) hand.standing({ authorization: 'Bearer x' }, 'first');
    for (let n = 0; n < 10_000; n++) hand.standing({ authorization: 'Bearer x' }, `from-${n}`);
    expect(hand.standing({ authorization: 'Bearer x' }, 'first')).toBe('out');
  });
});
