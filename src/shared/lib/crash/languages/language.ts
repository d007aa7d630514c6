/** Whose code it is: the program's, an installed package's, or that of the language and its runtime. */
export type Origin = 'own' | 'package' | 'runtime';

/** A place in a stack. */
export interface Frame {
  /** Without arguments and generated numbers; empty for code outside of functions. */
  function: string;
  /** Path or name as the trace has it; empty when it has none. */
  file: string;
  origin: Origin;
}

/** The last words of a runtime: an exception with its stack, or the message of an abort. */
export interface Trace {
  /** Type of the exception or kind of the abort; empty when that part of the trace was cut away. */
  type: string;
  /** As it was written; empty when there is none. */
  message: string;
  /** Innermost first. */
  frames: readonly Frame[];
  /** Index of the last line that belongs to it. */
  lastLine: number;
  /** Whether the runtime writes this only when it ends the program. False: a program may as well have logged it and gone on. */
  isFatal: boolean;
  /**
   * What makes two of them the same. `stack`: type and functions; `message`: type, masked message and `site`, where a stack says less or
   * depends on the environment; `type`: the type alone, for what strikes at any place.
   */
  identifiedBy: 'stack' | 'message' | 'type';
  /** File or function that the message names, for `message`. */
  site?: string;
  /** The innermost frames were cut away. */
  isCut?: true;
}

/** How the traces of a language are read. */
export interface Language<Name extends string = string> {
  name: Name;
  /** The trace that says most about the end: as a rule the last one. Null when there is none. Never throws. */
  find(lines: readonly string[]): Trace | null;
}
