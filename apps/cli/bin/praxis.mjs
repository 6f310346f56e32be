#!/usr/bin/env node
// Starts the built command line; everything here must run on any Node, so that an old one is told so in words.
import { existsSync } from 'node:fs';

const version = process.versions.node.split('.').map(Number);
const isOld = version[0] < 20 || (version[0] === 20 && version[1] < 19);
const built = new URL('../dist/main.js', import.meta.url);

if (isOld) {
  console.error(
    `praxis: this is Node ${process.versions.node}; Praxis needs Node 20.19 or newer. Install it from https://nodejs.org and try again.`,
  );
  process.exitCode = 2;
} else if (!existsSync(built)) {
  console.error('praxis: the program is not built yet; run "npm run build" in its folder and try again.');
  process.exitCode = 2;
} else {
  const { main } = await import(built.href);
  await main();
}
