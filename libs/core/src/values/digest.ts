import { hash } from 'node:crypto';
import { canonical, type Json } from './json.js';

/** SHA-256 of a value's canonical JSON, as 64 hexadecimal digits. */
export function digest(value: Json): string {
  return hash('sha256', canonical(value));
}
