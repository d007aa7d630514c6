import type { Frame, Trace } from './languages/language';
import { maskFileName } from './mask';

/**
 * More callers than this say who asked, not what failed. Over the corpus two would do as well, with a higher recall; but a new bug
 * that is taken for a known one is worse than a known one that is taken for new.
 */
const MAX_PLACES = 3;
/** Names of minified bundles are generated; the same letters stand for other functions elsewhere. */
const GENERATED_NAME = /(?:^|\.)[\w$]{1,2}$/;
const MINIFIABLE = /\.[cm]?js$/;
const OVERFLOW =
  /RecursionError|StackOverflowError|SystemStackError|Maximum call stack size|stack level too deep|stack overflow|stack exceeds/;
/** So often only a recursion stands in the 40 lines of a cut trace. */
const MIN_REPEATS = 5;

/**
 * Where a trace points: functions with the base names of their files, innermost first. Each stands there once, so that the depth of a
 * recursion does not matter.
 */
export function placeOf(trace: Trace): readonly string[] {
  const { type, message, isCut } = trace;
  const frames = identifyingFrames(trace);
  // Who called the outermost function is the file itself, which may be cut away.
  const places = frames.slice(0, frames.findLastIndex(namesFunction) + 1 || frames.length).map(placeName);
  const repeated = (times: number) =>
    [...new Set(places)].filter((place) => places.filter((one) => one === place).length >= times);
  // A full stack overflows at any function of the cycle.
  const isOverflow = OVERFLOW.test(type) || OVERFLOW.test(message);
  const cycle = isOverflow ? repeated(2) : isCut === true ? repeated(MIN_REPEATS) : [];
  if (cycle.length > 0) return cycle.sort();
  const distinct = [...new Set(places)];
  return isCut === true ? distinct.slice(-MAX_PLACES) : distinct.slice(0, MAX_PLACES);
}

/**
 * The frames that can say which bug it was: those of the program where they name a function, else those of its packages as well (a
 * program that was installed as a package has no others), else all.
 */
export function identifyingFrames({ frames }: Trace): readonly Frame[] {
  const own = frames.filter(({ origin }) => origin === 'own');
  if (own.some(namesFunction)) return own;
  const installed = frames.filter(({ origin }) => origin !== 'runtime');
  return installed.some(namesFunction) ? installed : frames;
}

/** Whether a trace names functions that are not the runtime's; if not, its message has to say what happened. */
export function namesFunctions(trace: Trace): boolean {
  return identifyingFrames(trace).some((frame) => frame.origin !== 'runtime' && namesFunction(frame));
}

function namesFunction(frame: Frame): boolean {
  return frame.function !== '' && !(GENERATED_NAME.test(frame.function) && MINIFIABLE.test(frame.file));
}

/** `compute (worker.py)`, or what is known of it. */
export function placeName(frame: Frame): string {
  const file = maskFileName(frame.file);
  if (frame.function === '') return file;
  return file === '' ? frame.function : `${frame.function} (${file})`;
}
