import { fileURLToPath } from 'node:url';

/** Path of the sample table that is part of the product: 144 sales of coffee and what goes with it, as CSV. */
export const SALES_SAMPLE = fileURLToPath(new URL('../samples/sales.csv', import.meta.url));
