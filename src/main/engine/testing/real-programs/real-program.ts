/** A process of a real program as Linux shows it, and which names it goes by. */
export interface RealProgram {
  of: string;
  /** The kernel's name: at most 15 bytes. */
  comm: string;
  exe: string;
  argv: readonly string[];
  /** Names that find it. */
  is: readonly string[];
  /** Names that must not, most of them because they stand in its command line. */
  isNot: readonly string[];
}
