import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { go } from './go';

describe('panics of Go', () => {
  it('have the stack of their goroutine, without addresses and numbers', () => {
    const trace = go.find(
      linesOf(`
panic: runtime error: index out of range [5] with length 3

goroutine 7 [running]:
example.com/shop/cart.(*Cart).At(0xc000012120, 0x5)
	/srv/app/cart/cart.go:17 +0x1d
main.main.func2.1()
	/srv/app/main.go:30 +0x45
created by main.main in goroutine 1
	/srv/app/main.go:29 +0x8f

goroutine 1 [chan receive]:
main.main()
	/srv/app/main.go:33 +0xaa
exit status 2`),
    );
    expect(trace).toMatchObject({
      type: 'runtime error: index out of range [<n>] with length <n>',
      isFatal: true,
      lastLine: 13,
      frames: [{ function: 'example.com/shop/cart.(*Cart).At' }, { function: 'main.main.func' }],
    });
  });

  it('begin where it was panicked first', () => {
    const trace = go.find(
      linesOf(`
panic: a [recovered]
	panic: b

goroutine 1 [running]:
main.guard.func1()
	/srv/app/main.go:3 +0xbf
panic({0x498620, 0xc0000a8000})
	/usr/local/go/src/runtime/panic.go:884 +0x212
main.work(...)
	/srv/app/main.go:9`),
    );
    expect(trace).toMatchObject({ message: 'a', frames: [{ function: 'main.work' }] });
  });

  it.each([
    ['fatal error: all goroutines are asleep - deadlock!', 'fatal error: all goroutines are asleep - deadlock!', ''],
    ['50 %panic: boom 17', 'panic', 'boom 17'],
    ['panic: main.Failure{Code:17}', 'main.Failure', 'main.Failure{Code:17}'],
    ['SIGQUIT: quit', 'SIGQUIT', ''],
  ])('say %j', (line, type, message) => expect(go.find([line])).toMatchObject({ type, message }));

  it('may have lost their beginning', () => {
    const trace = go.find(
      linesOf(`
main.descend(0x3)
	/srv/app/main.go:9 +0x2b fp=0xc0200e0390 sp=0xc0200e0370 pc=0x48b6ab
main.main()
	/srv/app/main.go:20 +0x2b`),
    );
    expect(trace).toMatchObject({ isCut: true, frames: [{ function: 'main.descend' }, { function: 'main.main' }] });
  });
});
