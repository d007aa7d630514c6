/** The text without the byte order mark that Notepad and PowerShell write before it. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
