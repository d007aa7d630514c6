// The first of three tiers: it asks the API for each answer, /health too.
//   node demo/tiers/web.mjs PORT API [--max-seconds 86400]
import { ask, placeOf, serve } from './tier.mjs';

const USAGE = 'node demo/tiers/web.mjs PORT API';
const api = placeOf(process.argv[3], USAGE);

serve(placeOf(process.argv[2], USAGE), async ({ url }) => {
  const { status, text } = await ask(api, url);
  return { status, text: `web got ${text}` };
});
