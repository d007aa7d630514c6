/** What is read of a mail. */
export interface MailText {
  subject: string;
  /** Name of the watch that the mail is about; null: more than one, or none. */
  watch: string | null;
  /** Whether it counts the events of many incidents (a digest). */
  isDigest: boolean;
  /** The plain text, without the empty lines at its end. */
  text: string;
}

/** Reads a mail that Healdeck wrote; `raw` is all that followed DATA. */
export async function readMail(raw: Buffer): Promise<MailText> {
  // Loaded only now, as the server that it came to.
  const { default: PostalMime, decodeWords } = await import('postal-mime');
  const mail = await PostalMime.parse(raw);
  const header = (name: string): string => decodeWords(mail.headers.find(({ key }) => key === name)?.value ?? '');
  return {
    subject: mail.subject ?? '',
    watch: header('x-healdeck-watch') || null,
    isDigest: header('x-healdeck-kind') === 'digest',
    text: (mail.text ?? '').trimEnd(),
  };
}
