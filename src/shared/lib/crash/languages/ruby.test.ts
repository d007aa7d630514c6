import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { ruby } from './ruby';

const OLD = `
/srv/app/shop.rb:9:in \`/': divided by 0 (ZeroDivisionError)
	from /srv/app/shop.rb:9:in \`block (2 levels) in total'
	from /usr/lib/ruby/gems/3.1.0/gems/rack-3.0.0/lib/rack.rb:3:in \`call'
	from /srv/app/shop.rb:35:in \`<main>'`;
const NEW = `
/opt/app/shop.rb:12:in 'Integer#/': divided by 0 (ZeroDivisionError)

    rows.sum { |row| row / 0 }
                         ^
	from /opt/app/shop.rb:12:in 'block (2 levels) in Shop::Ledger#total'
	from /usr/lib/ruby/gems/3.4.0/gems/rack-3.1.0/lib/rack.rb:3:in 'Rack.call'
	from /opt/app/shop.rb:35:in '<main>'`;
const REVERSED = `
Traceback (most recent call last):
	2: from /srv/app/shop.rb:35:in \`<main>'
	1: from /srv/app/shop.rb:9:in \`total'
/srv/app/shop.rb:9:in \`/': divided by 0 (ZeroDivisionError)`;

describe('exceptions of Ruby', () => {
  it('read alike before and after 3.4', () => {
    const names = [OLD, NEW].map((text) =>
      ruby.find(linesOf(text))?.frames.map((frame) => `${frame.function} ${frame.origin}`),
    );
    expect(names[0]).toEqual(['/ own', 'total own', 'call package', ' own']);
    expect(names[1]).toEqual(names[0]);
  });

  it('may have their frames above', () => {
    const trace = ruby.find(linesOf(REVERSED));
    expect(trace).toMatchObject({ type: 'ZeroDivisionError', message: 'divided by 0' });
    expect(trace?.frames.map((frame) => frame.function)).toEqual(['/', 'total', '']);
  });

  it('have the root last', () => {
    const trace = ruby.find(
      linesOf(`
a.rb:3:in \`outer': failed (RuntimeError)
	from a.rb:9:in \`<main>'
a.rb:1:in \`inner': declined (Shop::PaymentError)
	from a.rb:2:in \`outer'`),
    );
    expect(trace).toMatchObject({ type: 'Shop::PaymentError', message: 'declined' });
  });

  it('may have messages of several lines', () => {
    expect(
      ruby.find(linesOf("a.rb:3:in `f': first (ArgumentError)\nsecond line\n\tfrom a.rb:9:in `<main>'")),
    ).toMatchObject({ type: 'ArgumentError', lastLine: 2 });
  });

  it('may have lost their beginning', () => {
    expect(ruby.find(["\tfrom a.rb:3:in `f'", "\tfrom a.rb:9:in `<main>'"])).toMatchObject({ isCut: true });
  });
});
