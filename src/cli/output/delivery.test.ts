import { expect, it } from 'vitest';
import { deliveryText } from './delivery';
import { createStyle } from './style';

const style = createStyle(false);

it('prints what the other side has said, and no colon where it said nothing', () => {
  expect(deliveryText(style, { ok: true, reply: '250 OK' }, 2)).toBe('delivered: 250 OK\n');
  expect(deliveryText(style, { ok: true, reply: '' }, 2)).toBe('delivered\n');
});
