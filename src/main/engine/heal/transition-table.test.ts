import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { transitionTable } from '../testing/transition-table';

const FILE = 'ARCHITECTURE.md';
const PLACE = /(<!-- transitions: .*? -->\n+```text\n)[^]*?(\n```)/;

it('the table of all transitions in ARCHITECTURE.md is what the machine does', async () => {
  const page = readFileSync(FILE, 'utf8');
  expect(page).toMatch(PLACE);
  const printed = page.replace(PLACE, (_, before: string, after: string) => before + transitionTable() + after);
  await expect(printed).toMatchFileSnapshot(`../../../../${FILE}`);
});
