import { DEEDS, SLIPS, drawManner, startRecorder, type Deed, type Recorder } from './recorder.js';

describe('startRecorder', () => {
  let recorder: Recorder;
  beforeEach(async () => void (recorder = await startRecorder()));
  afterEach(() => recorder.stop());

  const items = new Set(['item-1']);
  const ask = (path: string, key?: string): Promise<number> =>
    fetch(`http://127.0.0.1:${String(recorder.port)}${path}`, {
      method: 'POST',
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    }).then((r) => r.status);
  const applied = (): number => recorder.arrivals(items).filter((a) => a.applied).length;

  it('does what is keyed once for each key, and counts every arrival', async () => {
    for (const key of ['a', 'a', 'b']) await ask('/do/stamp/item-1', key);
    expect([recorder.arrivals(items).length, applied()]).toEqual([3, 2]);
  });

  it('does anything else as often as it is asked', async () => {
    for (const deed of ['mail', 'bill']) for (const key of ['a', 'a']) await ask(`/do/${deed}/item-1`, key);
    expect(applied()).toBe(4);
  });

  it('knows what was done under a key, and what was not', async () => {
    expect(await ask('/done/bill/a')).toBe(404);
    await ask('/do/bill/item-1', 'a');
    expect(await ask('/done/bill/a')).toBe(200);
    expect(await ask('/done/bill/b')).toBe(404);
  });

  it('does it and loses the answer, once', async () => {
    recorder.loseReply(items);
    await expect(ask('/do/mail/item-1', 'a')).rejects.toThrow();
    expect(applied()).toBe(1);
    expect(await ask('/do/mail/item-1', 'b')).toBe(200);
  });

  it('tells one run nothing of the items of another', async () => {
    await ask('/do/mail/item-2', 'a');
    expect(recorder.arrivals(items)).toEqual([]);
  });
});

describe('a recorder with a seed', () => {
  const items = Array.from({ length: 400 }, (_, i) => `item-${String(i)}`);
  const slipping = (deed: Deed) => items.flatMap((item) => drawManner('5', deed, item) ?? []);

  it('slips after some deeds of every kind, in every way, and in the same way for the same seed', () => {
    for (const deed of Object.keys(DEEDS) as Deed[]) {
      expect(new Set(slipping(deed).map((m) => m.slip))).toEqual(new Set(SLIPS));
      expect(slipping(deed).length).toBeGreaterThan(10);
      expect(slipping(deed)).toEqual(slipping(deed));
    }
    expect(slipping('check').every((m) => m.times <= 2)).toBe(true);
  });

  it('has done it all the same, once for each key, whatever it says', async () => {
    const recorder = await startRecorder('5');
    for (const how of SLIPS) {
      const item = items.find((i) => drawManner('5', 'stamp', i)?.slip === how)!;
      const url = `http://127.0.0.1:${String(recorder.port)}/do/stamp/${item}`;
      for (let i = 0; i < 2; i++)
        await fetch(url, { method: 'POST', headers: { 'idempotency-key': how } })
          .then((r) => r.text())
          .catch(() => undefined);
      expect(recorder.arrivals(new Set([item])).map((a) => a.applied)).toEqual([true, false]);
    }
    await recorder.stop();
  });
});
