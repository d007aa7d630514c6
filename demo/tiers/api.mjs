// The tier in the middle: it asks the database for each answer, /health too.
//   node demo/tiers/api.mjs PORT DB [--max-seconds 86400]
// POST /mode    with the body ok, hang (no answer) or 500-every-other: how it answers from then on
import { ask, placeOf, serve } from './tier.mjs';

const USAGE = 'node demo/tiers/api.mjs PORT DB';
const MODES = ['ok', 'hang', '500-every-other'];
const db = placeOf(process.argv[3], USAGE);
let mode = 'ok';
let answered = 0;

async function bodyOf(incoming) {
  let body = '';
  for await (const part of incoming) body += part;
  return body.trim();
}

serve(placeOf(process.argv[2], USAGE), async (incoming) => {
  const { method, url } = incoming;
  if (method === 'POST' && url === '/mode') {
    const wanted = await bodyOf(incoming);
    if (!MODES.includes(wanted)) return { status: 400, text: `expected one of ${MODES.join(', ')}` };
    mode = wanted;
    return { status: 200, text: mode };
  }
  if (mode === 'hang') return null;
  answered += 1;
  if (mode === '500-every-other' && answered % 2 === 0) return { status: 500, text: 'every other one fails' };
  const { status, text } = await ask(db, url);
  return { status, text: `api got ${text}` };
});
