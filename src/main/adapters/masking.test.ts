import { describe, expect, it } from 'vitest';
import { FakeOutputFiles } from '../engine/testing/fake-stores';
import { currentMask, maskTails } from './masking';
import { command, watchOf } from './testing/children';

describe('what programs wrote, as events tell it', () => {
  const watch = watchOf('web', command(['x']));

  it('holds no secret that is known at the time', () => {
    let secrets = ['canary-one'];
    const output = new FakeOutputFiles();
    const masked = maskTails(
      output,
      currentMask(() => secrets),
    );
    expect(masked.tail(watch, 'err', 40)).toEqual([]);
    output.lines.set('web', ['login canary-one', 'login canary-two', 'fine']);
    expect(masked.tail(watch, 'err', 40)).toEqual(['login •••', 'login canary-two', 'fine']);
    secrets = ['canary-two'];
    expect(masked.tail(watch, 'err', 2)).toEqual(['login •••', 'fine']);
  });

  it('follows a watch to its new name', () => {
    const output = new FakeOutputFiles();
    output.lines.set('web', ['x']);
    maskTails(output, (text) => text).rename('web', 'site');
    expect(output.lines.get('site')).toEqual(['x']);
  });
});
