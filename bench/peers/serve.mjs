// What all peers share: they run plans when they are told to, so many at a time, and answer what they measured.
// A peer gives its name and `runPlan(id, length, onStep)`, which calls `onStep` from within each step.

/** Begins to answer; `start(url)` opens the engine on a database of its own. */
export async function servePeer(name, start) {
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit());
  try {
    const runPlan = await start(process.argv[2]);
    let count = 0;
    process.on('message', (load) => {
      measure(load, (onStep) => runPlan(`p${process.pid}-${count++}`, load.length, onStep)).then(
        (answer) => process.send(answer),
        (error) => process.send({ error: String(error?.stack ?? error) }),
      );
    });
    process.send({ ready: name });
  } catch (error) {
    process.send({ error: String(error?.message ?? error) });
  }
}

async function measure({ runs, inFlight }, runOne) {
  const gaps = [];
  let left = runs;
  const worker = async () => {
    while (left-- > 0) {
      let last = null;
      await runOne(() => {
        const now = performance.now();
        if (last !== null) gaps.push(now - last);
        last = now;
      });
    }
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  gaps.sort((a, b) => a - b);
  const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))];
  return { seconds, gapP50: at(0.5), gapP99: at(0.99), cpuMs: (user + system) / 1000 };
}
