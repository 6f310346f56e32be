import { randomBytes } from 'node:crypto';
import { hashKey } from '@praxis/wire';
import { defineVerb } from '../../verb.js';

/** `praxis key`: makes a key for clients, and the hash by which services know it. */
export const keyVerb = defineVerb({
  usage: 'key',
  summary: 'make a key for clients, and the hash by which services know it; the key is printed once and kept nowhere',
  examples: ['key', 'key --json'],
  run: async ({ options, context: { print } }) => {
    const key = `praxis_${randomBytes(32).toString('base64url')}`;
    const hash = hashKey(key);
    if (options.json) print.json({ key, hash });
    else {
      print.lines([
        `key   ${key}`,
        `hash  ${hash}`,
        '',
        'Clients show the key:      PRAXIS_API_KEY=<key>, or PRAXIS_API_KEY_FILE=<file that holds it>',
        'Services ask for it:       PRAXIS_API_KEY_HASHES=<hash>   (several, separated by commas, while one replaces another)',
      ]);
    }
    return 0;
  },
});
