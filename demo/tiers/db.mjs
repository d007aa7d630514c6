// The last of three tiers: it answers by itself.
//   node demo/tiers/db.mjs PORT [--max-seconds 86400]
// GET /health   200 ok
// GET /         200 and a number that grows
import { placeOf, serve } from './tier.mjs';

let rows = 0;
serve(placeOf(process.argv[2], 'node demo/tiers/db.mjs PORT'), async ({ url }) => {
  if (url === '/health') return { status: 200, text: 'ok' };
  rows += 1;
  return { status: 200, text: `row ${rows}` };
});
