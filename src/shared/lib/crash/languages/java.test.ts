import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { java } from './java';

describe('stacks of Java', () => {
  it('have the root in the last cause, with the frames that they share', () => {
    const trace = java.find(
      linesOf(`
Exception in thread "main" java.lang.IllegalStateException: request 3 failed
	at com.example.Shop.load(Shop.java:30)
	at com.example.Shop.main(Shop.java:12)
	Suppressed: java.io.IOException: close
		at com.example.Shop.close(Shop.java:40)
		... 1 more
Caused by: java.net.ConnectException: Connection refused
	at java.base/sun.nio.ch.Net.pollConnect(Native Method)
	... 23 more`),
    );
    expect(trace).toMatchObject({ type: 'java.net.ConnectException', isFatal: true, lastLine: 8 });
    expect(trace?.frames.map((frame) => frame.function)).toEqual([
      'sun.nio.ch.Net.pollConnect',
      'com.example.Shop.load',
      'com.example.Shop.main',
    ]);
  });

  it('leave out what is numbered anew each time', () => {
    const trace = java.find(
      linesOf(`
2026-05-01 12:00:00.1 ERROR 1 --- [exec-3] c.e.Shop : failed
java.lang.RuntimeException: x
	at com.example.Shop.lambda$load$3(Shop.java:30)
	at com.example.Shop$$Lambda$14/0x0000000800c03000.get(Unknown Source)
	at com.example.Shop$2.run(Shop.java:7)
	at jdk.proxy2/jdk.proxy2.$Proxy12.find(Unknown Source)
	at app//com.example.Shop.main(Shop.java:12)`),
    );
    expect(trace).toMatchObject({ type: 'java.lang.RuntimeException', isFatal: false });
    expect(trace?.frames.filter(({ origin }) => origin === 'own').map((frame) => frame.function)).toEqual([
      'com.example.Shop.lambda$load$',
      'com.example.Shop$.run',
      'com.example.Shop.main',
    ]);
  });

  it('may begin in their middle', () => {
    const trace = java.find(['\tat com.example.A.f(A.java:1)', '\tat com.example.A.g(A.java:2)']);
    expect(trace).toMatchObject({ type: '', isCut: true });
  });

  it('of memory are one kind, with a stack or without', () => {
    expect(java.find(['java.lang.OutOfMemoryError: Java heap space', '\tat a.B.c(B.java:1)'])).toMatchObject({
      identifiedBy: 'type',
    });
    expect(java.find(['Terminating due to java.lang.OutOfMemoryError: Java heap space'])).toMatchObject({
      type: 'java.lang.OutOfMemoryError',
      isFatal: true,
    });
  });

  it('of the machine itself name the native frame', () => {
    const trace = java.find(
      linesOf(`
#  SIGSEGV (0xb) at pc=0x00007f2c1c2d3e4f, pid=12, tid=13
#
# Problematic frame:
# C  [libimage.so+0x1139]  Java_com_example_Image_scale+0x10
#`),
    );
    expect(trace).toMatchObject({
      type: 'JVM SIGSEGV',
      isFatal: true,
      frames: [{ function: 'Java_com_example_Image_scale', file: 'libimage.so' }],
    });
  });
});
