/** Run as a child process by tests: says once what the monotonic clock shows, in ms. */
import { createSystemClock } from '../clock';

process.stdout.write(`${createSystemClock().monotonicMs()}\n`);
