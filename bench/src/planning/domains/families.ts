import { bar } from './bar.js';
import { courier } from './courier.js';
import type { Family } from './family.js';
import { lift } from './lift.js';
import { mason } from './mason.js';
import { patience } from './patience.js';
import { satchel } from './satchel.js';
import { warehouse } from './warehouse.js';
import { yard } from './yard.js';

/** The puzzle families that problems can be made of. */
export const FAMILIES: readonly Family[] = [yard, patience, bar, mason, warehouse, lift, satchel, courier];
