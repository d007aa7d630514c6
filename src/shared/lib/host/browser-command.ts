/** The program that opens a URL with the user's browser, and its arguments: no shell sees the URL. */
export function browserCommand(platform: string, url: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // `start` is a word of cmd.exe, which reads & and ^ in the URL; the handler behind it can be called without a shell.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
  return ['xdg-open', url];
}
