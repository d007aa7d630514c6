import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { perl } from './perl';
import { php } from './php';

describe('Perl', () => {
  it.each([
    ['boom 3 at /srv/app/x.pl line 3.', 'boom 3'],
    ['boom 3 at /srv/app/x.pl line 3, <STDIN> line 17.', 'boom 3'],
    [
      "Can't locate A/B.pm in @INC (you may need to install the A::B module) (@INC contains: /etc/perl) at /srv/app/x.pl line 1.\nBEGIN failed--compilation aborted at /srv/app/x.pl line 1.",
      '',
    ],
  ])('dies: %j', (text, message) => {
    expect(perl.find(linesOf(text))).toMatchObject({ site: '/srv/app/x.pl', ...(message === '' ? {} : { message }) });
  });

  it('names functions where it confesses', () => {
    const trace = perl.find(
      linesOf(
        'row 3 is broken at x.pl line 8.\n\tmain::check(3) called at x.pl line 13\n\teval {...} called at x.pl line 12',
      ),
    );
    expect(trace).toMatchObject({ message: 'row 3 is broken', identifiedBy: 'stack', lastLine: 2 });
    expect(trace?.frames[0]?.function).toBe('main::check');
  });
});

describe('PHP', () => {
  it('names callers, and the file that the exception is from', () => {
    const trace = php.find(
      linesOf(`
PHP Fatal error:  Uncaught DomainException: card 3 was declined in /srv/app/src/Basket.php:17
Stack trace:
#0 /srv/app/vendor/acme/kernel.php(9): Shop\\Basket->pay('3')
#1 [internal function]: Acme\\Kernel->{closure}(Object(Shop\\Basket))
#2 /srv/app/index.php(3): array_map(Object(Closure), Array)
#3 {main}
  thrown in /srv/app/src/Basket.php on line 17`),
    );
    expect(trace).toMatchObject({
      type: 'DomainException',
      message: 'card 3 was declined',
      isFatal: true,
      lastLine: 6,
    });
    expect(trace?.frames).toEqual([
      { function: 'Shop\\Basket::pay', file: '/srv/app/src/Basket.php', origin: 'own' },
      { function: 'Acme\\Kernel::{closure}', file: '/srv/app/vendor/acme/kernel.php', origin: 'package' },
      { function: 'array_map', file: '', origin: 'runtime' },
      { function: '', file: '/srv/app/index.php', origin: 'own' },
    ]);
  });

  it.each([
    ['Allowed memory size of 8388608 bytes exhausted (tried to allocate 20480 bytes)', 'memory limit exhausted'],
    ['Maximum execution time of 30 seconds exceeded', 'maximum execution time exceeded'],
  ])('ends by a limit at any place: %s', (text, type) => {
    expect(php.find([`PHP Fatal error:  ${text} in /srv/app/x.php on line 3`])).toMatchObject({
      type,
      identifiedBy: 'type',
    });
  });
});
