/** A shell that completes command lines. One file per shell; list.ts names them. */
export interface CompletedShell {
  name: string;
  /** Where its file belongs, for the help. */
  installed: string;
  /**
   * What the shell reads. It asks `healdeck complete -- WORD…` at each Tab, so that it stays right after an upgrade: the first line of
   * the answer is `:file` or `:words`, each other one a word, a tab, and what it is.
   */
  script: string;
}
